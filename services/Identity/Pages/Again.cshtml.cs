using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity.Pages;

/// <summary>Asks who is signed in already to show once more who they are, before they change how the account is signed in to.</summary>
public sealed class AgainModel(
    UserManager<Account> accounts, Passkeys passkeys, SignIns signIns, Throttle throttle, IStringLocalizer<Texts> texts) : SignedInPage
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    [BindProperty] public string? Password { get; set; }

    /// <summary>With what a browser uses one of the account's passkeys; nothing when it has none.</summary>
    public string? PasskeyOptions { get; private set; }

    // It changes nothing but this browser's cookie.
    protected override bool IsForDemo => true;

    public Task OnGetAsync() => ShowPasskeysAsync();

    public async Task<IActionResult> OnPostPasskeyAsync(string? credential)
    {
        var limits = Throttle.WithPasskey(HttpContext);
        if (!await throttle.TakeAsync(limits)) return await RefusedAsync("", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);
        if ((await passkeys.WhoAsync(credential))?.Id != Account.Id) return await RefusedAsync("", texts["PasskeyRefused"]);

        await throttle.GiveBackAsync(limits);
        return await BackAsync();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var limits = throttle.SigningIn(HttpContext, Account.UserName!);
        if (!await throttle.TakeAsync(limits)) return await RefusedAsync("password", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);
        if (!await accounts.CheckPasswordAsync(Account, Password ?? "")) return await RefusedAsync("password", texts["PasswordWrong"]);

        await throttle.GiveBackAsync(limits);
        return await BackAsync();
    }

    async Task<IActionResult> BackAsync()
    {
        await signIns.RenewAsync(Account, Cookie);
        return LocalRedirect(Written.LocalAddress(ReturnUrl) ?? "/account");
    }

    async Task<IActionResult> RefusedAsync(string field, string text, int status = StatusCodes.Status400BadRequest)
    {
        await ShowPasskeysAsync();
        return Refused(field, text, status);
    }

    async Task ShowPasskeysAsync()
    {
        if ((await accounts.GetPasskeysAsync(Account)).Count == 0) return;
        HttpContext.UseScript();
        PasskeyOptions = await passkeys.ToUseAsync(Account);
    }
}
