using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>
/// Where another provider sends people back to. Who is linked to an account is signed in to it; who is not may link theirs by a form, once they are signed
/// in. It shows what is linked, too.
/// </summary>
public sealed class ProvidersModel(
    UserManager<Account> accounts, SignInManager<Account> signIn, SignIns signIns, AccountMail mail, IConfiguration configuration, TimeProvider clock,
    IStringLocalizer<Texts> texts) : FormPage
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    /// <summary>Who is signed in here.</summary>
    public Account? Account { get; private set; }

    /// <summary>Who has just come from a provider and is linked to no account.</summary>
    public UserLoginInfo? Came { get; private set; }

    public IReadOnlyList<UserLoginInfo> Linked { get; private set; } = [];

    public IEnumerable<(string Id, string Name)> All => Providers.Configured(configuration).Select(each => (each.Key, each.Value.Name ?? each.Key));

    public async Task<IActionResult> OnGetAsync()
    {
        Came = await Providers.CameAsync(HttpContext);
        if (Came is { } came && await accounts.FindByLoginAsync(came.LoginProvider, came.ProviderKey) is { } known)
        {
            await HttpContext.SignOutAsync(IdentityConstants.ExternalScheme);
            if (!await signIn.CanSignInAsync(known)) return RedirectToPage("/SignIn", new { providerFailed = true });
            return await signIns.AfterFirstStepAsync(HttpContext, known, remember: false, shown: false)
                ? Onwards(ReturnUrl) : RedirectToPage("/SecondStep", new { ReturnUrl });
        }

        if (await NotYetAsync() is { } first) return first;

        Linked = [.. await accounts.GetLoginsAsync(Account!)];
        return Page();
    }

    public async Task<IActionResult> OnPostLinkAsync()
    {
        Came = await Providers.CameAsync(HttpContext);
        if (await NotYetAsync() is { } first) return first;
        if (Came is not { } came) return RedirectToPage();

        var linked = await mail.TellAsync(
            async () => (await accounts.AddLoginAsync(Account!, came)).Succeeded, mail.Of("ProviderLinked", Account!.Email!, came.ProviderDisplayName!));
        await HttpContext.SignOutAsync(IdentityConstants.ExternalScheme);
        return linked ? RedirectToPage() : Refused("", texts["ChangedMeanwhile"], StatusCodes.Status409Conflict);
    }

    public async Task<IActionResult> OnPostForgetAsync()
    {
        await HttpContext.SignOutAsync(IdentityConstants.ExternalScheme);
        return RedirectToPage("/Account");
    }

    public async Task<IActionResult> OnPostUnlinkAsync(string? issuer, string? subject)
    {
        if (await NotYetAsync() is { } first) return first;

        var login = (await accounts.GetLoginsAsync(Account!)).FirstOrDefault(each => each.LoginProvider == issuer && each.ProviderKey == subject);
        if (login is not null)
        {
            await mail.TellAsync(
                async () => (await accounts.RemoveLoginAsync(Account!, login.LoginProvider, login.ProviderKey)).Succeeded,
                mail.Of("ProviderUnlinked", Account!.Email!, login.ProviderDisplayName!));
        }

        return RedirectToPage();
    }

    // Who is to link or unlink has signed in, and not long ago.
    async Task<IActionResult?> NotYetAsync()
    {
        var cookie = await HttpContext.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        Account = cookie.Succeeded ? await accounts.GetUserAsync(cookie.Principal) : null;
        return Account is null ? RedirectToPage("/SignIn", new { returnUrl = "/account/providers", unlinked = Came is not null })
            : Account.IsDemo && HttpMethods.IsPost(Request.Method) ? RefusedOfDemo()
            : SignIns.At(cookie.Properties) > clock.GetUtcNow() - SignIns.Recent ? null
            : RedirectToPage("/Again", new { returnUrl = "/account/providers" });
    }
}
