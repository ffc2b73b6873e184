using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>What there is to know about the account, and the ways to what can be changed.</summary>
public sealed class AccountModel(
    UserManager<Account> accounts, AccountMail mail, IdentityStore store, Throttle throttle, IConfiguration configuration,
    IStringLocalizer<Texts> texts) : SignedInPage
{
    // What the pages behind this one may say when they come back.
    static readonly string[] Doings = ["Sent", "SentNew", "Password", "CodesOff"];

    public bool HasProviders => Identity.Providers.Configured(configuration).Count > 0;

    public bool MailIsSent => mail.IsSent;

    /// <summary>What has just been done; the name of its text without Done.</summary>
    public string? Done { get; private set; }

    public int PasskeyCount { get; private set; }

    public async Task OnGetAsync(string? done)
    {
        Done = Doings.Contains(done) ? done : null;
        PasskeyCount = (await accounts.GetPasskeysAsync(Account)).Count;
    }

    /// <summary>Sends the link again that confirms the address.</summary>
    public async Task<IActionResult> OnPostAsync()
    {
        if (Account.EmailConfirmed || !mail.IsSent) return RedirectToPage();
        if (!await throttle.TakeAsync(Throttle.Mailing(HttpContext, Account.Email!)))
            return Refused("", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);

        var link = mail.WithLink(Account.Id, LinkPurpose.ConfirmAddress, Account.Email!);
        await mail.TellAsync(async () => await store.SaveChangesAsync() > 0, link);
        return RedirectToPage(new { done = "Sent" });
    }
}
