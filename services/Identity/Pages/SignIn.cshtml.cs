using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>Asks for e-mail and password, and sends the person on to where they came from, if that is an address of ours.</summary>
public sealed class SignInModel(
    UserManager<Account> accounts, SignInManager<Account> signIn, SignIns signIns, Passkeys passkeys, NormalisedPasswords passwords, Throttle throttle,
    AccountMail mail, IConfiguration configuration, IStringLocalizer<Texts> texts) : FormPage
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    /// <summary>The person comes from the registration.</summary>
    [BindProperty(SupportsGet = true)] public bool Registered { get; set; }

    /// <summary>The person has just chosen a new password.</summary>
    [BindProperty(SupportsGet = true)] public bool Changed { get; set; }

    /// <summary>The person comes from another provider and is linked to no account.</summary>
    [BindProperty(SupportsGet = true)] public bool Unlinked { get; set; }

    /// <summary>Another provider has not said who the person is.</summary>
    [BindProperty(SupportsGet = true)] public bool ProviderFailed { get; set; }

    /// <summary>The person comes from a link that confirms an address, and goes back to it.</summary>
    public bool Confirms => ReturnUrl?.StartsWith("/account/confirm", StringComparison.Ordinal) is true;

    [BindProperty] public string? UserName { get; set; }

    [BindProperty] public string? Password { get; set; }

    [BindProperty] public bool Remember { get; set; }

    public IEnumerable<(string Id, string Name)> Providers =>
        Identity.Providers.Configured(configuration).Select(each => (each.Key, each.Value.Name ?? each.Key));

    public bool MailIsSent => mail.IsSent;

    public IReadOnlyList<string> DemoUsers => DemoAccounts.Enabled(configuration) ? [.. DemoAccounts.Named.Select(named => named.UserName)] : [];

    /// <summary>With what a browser uses a passkey.</summary>
    public string PasskeyOptions { get; private set; } = "";

    // The page is shown after a refused form, too.
    public override async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        HttpContext.UseScript();
        if ((await next()).Result is PageResult) PasskeyOptions = await passkeys.ToUseAsync();
    }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostPasskeyAsync(string? credential)
    {
        Registered = Changed = false;
        var limits = Throttle.WithPasskey(HttpContext);
        if (!await throttle.TakeAsync(limits)) return Refused("", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);
        if (await passkeys.WhoAsync(credential) is not { } account || !await signIn.CanSignInAsync(account)) return Refused("", texts["PasskeyRefused"]);

        await throttle.GiveBackAsync(limits);
        await signIns.BeginAsync(HttpContext, account, Remember);
        return Onwards(ReturnUrl);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        Registered = Changed = false;
        var (userName, password) = (UserName?.Trim() ?? "", Password ?? "");
        var limits = throttle.SigningIn(HttpContext, userName);
        if (!await throttle.TakeAsync(limits)) return Refused("", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);

        var account = await accounts.FindByNameAsync(userName);
        if (account?.PasswordHash is null)
        {
            passwords.CheckNobodys(password);
            return Refused("", texts["SignInRefused"]);
        }

        // One sentence for all reasons: it must not tell a stranger which addresses have an account.
        if (!await accounts.CheckPasswordAsync(account, password) || !await signIn.CanSignInAsync(account)) return Refused("", texts["SignInRefused"]);

        await throttle.GiveBackAsync(limits);
        return await signIns.AfterFirstStepAsync(HttpContext, account, Remember, shown: true)
            ? Onwards(ReturnUrl)
            : RedirectToPage("/SecondStep", new { ReturnUrl });
    }
}
