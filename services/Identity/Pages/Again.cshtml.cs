using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity.Pages;

/// <summary>Asks who is signed in already to show once more who they are, before they change how the account is signed in to.</summary>
public sealed class AgainModel(UserManager<Account> accounts, SignIns signIns, Throttle throttle, IStringLocalizer<Texts> texts) : SignedInPage
{
    [BindProperty(SupportsGet = true)] public string? ReturnUrl { get; set; }

    [BindProperty] public string? Password { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        var limits = throttle.SigningIn(HttpContext, Account.UserName!);
        if (!await throttle.TakeAsync(limits)) return Refused("password", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);
        if (!await accounts.CheckPasswordAsync(Account, Password ?? "")) return Refused("password", texts["PasswordWrong"]);

        await throttle.GiveBackAsync(limits);
        await signIns.RenewAsync(Account, Cookie);
        return LocalRedirect(Written.LocalAddress(ReturnUrl) ?? "/account");
    }
}
