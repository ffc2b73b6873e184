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
    UserManager<Account> accounts, SignInManager<Account> signIn, IPasswordHasher<Account> hasher,
    IConfiguration configuration, IStringLocalizer<Texts> texts, TimeProvider clock) : PageModel
{
    // So that an unknown address takes as long as a wrong password.
    static string? nobodysPassword;

    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

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
        var account = string.IsNullOrWhiteSpace(UserName) ? null : await accounts.FindByNameAsync(UserName.Trim());
        if (account is null)
        {
            hasher.VerifyHashedPassword(new(), nobodysPassword ??= hasher.HashPassword(new(), Guid.NewGuid().ToString()), Password ?? "");
            return Refused();
        }

        var result = await signIn.CheckPasswordSignInAsync(account, Password ?? "", lockoutOnFailure: true);
        if (!result.Succeeded) return Refused();

        await SignInAsync(signIn, account, Remember, clock.GetUtcNow());
        return LocalRedirect(Written.LocalAddress(ReturnUrl) ?? "/");
    }

    internal static Task SignInAsync(SignInManager<Account> signIn, Account account, bool remember, DateTimeOffset now)
    {
        var properties = new AuthenticationProperties { IsPersistent = remember };
        properties.SetString(Authorize.SignedInAt, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        return signIn.SignInAsync(account, properties);
    }

    // One sentence for all reasons: it must not tell a stranger which addresses have an account.
    PageResult Refused()
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        Failure = texts["SignInRefused"];
        return Page();
    }
}
