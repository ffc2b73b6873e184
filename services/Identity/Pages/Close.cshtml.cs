using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>
/// Closes the account: what is kept of it here is deleted, its sessions end, and nobody signs in to it again. The book is not here and stays as it is.
/// </summary>
public sealed class CloseModel(
    UserManager<Account> accounts, SignInManager<Account> signIn, Sessions sessions, AccountMail mail, IStringLocalizer<Texts> texts) : SignedInPage
{
    protected override bool WantsRecentSignIn => true;

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        List<Session> ended = [];
        var closed = await mail.TellAsync(
            async () =>
            {
                ended = await sessions.RemoveAsync(Account.Id, but: null);
                return (await accounts.DeleteAsync(Account)).Succeeded;
            },
            mail.Of("Closed", Account.Email!));
        if (!closed) return Refused("", texts["ChangedMeanwhile"], StatusCodes.Status409Conflict);

        await sessions.TellAsync(ended);
        await signIn.SignOutAsync();
        return RedirectToPage("/SignOut", new { closed = true });
    }
}
