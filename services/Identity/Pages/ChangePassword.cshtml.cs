using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>Another password, for who knows the present one. All other sessions end.</summary>
public sealed class ChangePasswordModel(
    UserManager<Account> accounts, IPasswordHasher<Account> passwords, IPasswordValidator<Account> fit, Throttle throttle, Sessions sessions, SignIns signIns,
    AccountLinks links, AccountMail mail, IStringLocalizer<Texts> texts) : SignedInPage
{
    [BindProperty] public string? Current { get; set; }

    [BindProperty] public string? Password { get; set; }

    [BindProperty] public string? Repeated { get; set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Password != Repeated) return Refused("repeated", texts["PasswordsDiffer"]);
        if (await fit.ValidateAsync(accounts, Account, Password) is { Succeeded: false } unfit) return Refused("password", unfit.Errors.First().Description);

        var limits = throttle.SigningIn(HttpContext, Account.UserName!);
        if (!await throttle.TakeAsync(limits)) return Refused("current", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);
        if (!await accounts.CheckPasswordAsync(Account, Current ?? "")) return Refused("current", texts["PasswordWrong"]);

        await throttle.GiveBackAsync(limits);
        List<Session> ended = [];
        var changed = await mail.TellAsync(
            async () =>
            {
                // Whoever knew the earlier one may have asked for more.
                await links.ForgetAsync(Account.Id, LinkPurpose.NewPassword);
                await links.ForgetAsync(Account.Id, LinkPurpose.ChangeAddress);
                Account.SetPassword(passwords.HashPassword(Account, Password!));
                ended = await sessions.RemoveAsync(Account.Id, but: Session);
                return (await accounts.UpdateAsync(Account)).Succeeded;
            },
            mail.Of("PasswordChanged", Account.Email!));
        if (!changed) return Refused("", texts["ChangedMeanwhile"], StatusCodes.Status409Conflict);

        await sessions.TellAsync(ended);
        await signIns.RenewAsync(Account, Cookie);
        return RedirectToPage("/Account", new { done = "Password" });
    }
}
