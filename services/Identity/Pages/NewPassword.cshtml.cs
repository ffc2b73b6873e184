using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>
/// Where the link leads that was sent to who forgot their password. All sessions end; what else signs in to the account stays, unless its address was never
/// confirmed: then whoever made the account may have been another than who reads its mail.
/// </summary>
public sealed class NewPasswordModel(
    AccountLinks links, UserManager<Account> accounts, IPasswordHasher<Account> passwords, IPasswordValidator<Account> fit, Sessions sessions,
    SecondStep second, IdentityStore store, AccountMail mail, IStringLocalizer<Texts> texts) : FormPage
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }

    [BindProperty] public string? Password { get; set; }

    [BindProperty] public string? Repeated { get; set; }

    /// <summary>Whose password it is; nothing when the link is good for that no more.</summary>
    public string? UserName { get; private set; }

    public Task OnGetAsync() => FindAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is not { } account) return Page();
        if (Password != Repeated) return Refused("repeated", texts["PasswordsDiffer"]);
        if (await fit.ValidateAsync(accounts, account, Password) is { Succeeded: false } unfit) return Refused("password", unfit.Errors.First().Description);

        List<Session> ended = [];
        var changed = await mail.TellAsync(
            async () =>
            {
                if (!await links.UseAsync(Token)) return false;

                // Whoever knew the password may have asked for more.
                await links.ForgetAsync(account.Id, LinkPurpose.NewPassword);
                await links.ForgetAsync(account.Id, LinkPurpose.ChangeAddress);
                ended = await sessions.RemoveAsync(account.Id, but: null);
                if (!account.EmailConfirmed) await ForgetOthersAsync(account);
                account.SetPassword(passwords.HashPassword(account, Password!));
                account.EmailConfirmed = true;
                return (await accounts.UpdateAsync(account)).Succeeded;
            },
            mail.Of("PasswordChanged", account.Email!));
        if (!changed) return Refused("", texts["ChangedMeanwhile"], StatusCodes.Status409Conflict);

        await sessions.TellAsync(ended);
        return RedirectToPage("/SignIn", new { changed = true });
    }

    async Task ForgetOthersAsync(Account account)
    {
        await second.TurnOffAsync(account);
        await store.UserPasskeys.Where(passkey => passkey.UserId == account.Id).ExecuteDeleteAsync();
        await store.UserLogins.Where(login => login.UserId == account.Id).ExecuteDeleteAsync();
    }

    // A link to an address that the account has no more opens nothing.
    async Task<Account?> FindAsync()
    {
        if (await links.FindAsync(Token) is { Purpose: LinkPurpose.NewPassword } link
            && await accounts.FindByIdAsync(link.AccountId.ToString()) is { } account && link.Address == account.Email)
        {
            UserName = account.UserName;
            return account;
        }

        Response.StatusCode = StatusCodes.Status410Gone;
        return null;
    }
}
