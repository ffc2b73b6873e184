using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity.Pages;

/// <summary>Asks for e-mail and password, and sends the person on to where they came from, if that is an address of ours.</summary>
public sealed class SignInModel(
    UserManager<Account> accounts, SignInManager<Account> signIn, NormalisedPasswords passwords, Throttle throttle,
    IConfiguration configuration, IStringLocalizer<Texts> texts) : PageModel
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    /// <summary>The person comes from the registration.</summary>
    [BindProperty(SupportsGet = true)] public bool Registered { get; set; }

    [BindProperty] public string? UserName { get; set; }

    [BindProperty] public string? Password { get; set; }

    [BindProperty] public bool Remember { get; set; }

    public string? Failure { get; private set; }

    public IReadOnlyList<string> DemoUsers => DemoAccounts.Enabled(configuration) ? [.. DemoAccounts.Named.Select(named => named.UserName)] : [];

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Registered = false;
        var (userName, password) = (UserName?.Trim() ?? "", Password ?? "");
        var limits = throttle.SigningIn(HttpContext, userName);
        if (!await throttle.TakeAsync(limits)) return TooMany();

        var account = await accounts.FindByNameAsync(userName);
        if (account?.PasswordHash is null)
        {
            passwords.CheckNobodys(password);
            return Refused();
        }

        if (!await accounts.CheckPasswordAsync(account, password) || !await signIn.CanSignInAsync(account)) return Refused();

        await throttle.GiveBackAsync(limits);
        throttle.Remember(HttpContext, account);
        await SignInAsync(account);
        return LocalRedirect(Written.LocalAddress(ReturnUrl) ?? "/");
    }

    async Task SignInAsync(Account account)
    {
        var now = HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var properties = new AuthenticationProperties { IsPersistent = Remember };
        properties.SetString(Authorize.SignedInAt, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        await HttpContext.RequestServices.GetRequiredService<Sessions>().BeginAsync(account, Request.Headers.UserAgent.ToString(), properties);
        await signIn.SignInAsync(account, properties);
    }

    // One sentence for all reasons: it must not tell a stranger which addresses have an account.
    PageResult Refused()
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        Failure = texts["SignInRefused"];
        return Page();
    }

    PageResult TooMany()
    {
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = "60";
        Failure = texts["TooManyTries"];
        return Page();
    }
}
