using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using VolunteerBook.Mail;

namespace VolunteerBook.Identity.Pages;

/// <summary>
/// Asks for another address and sends it a link; the account has it once the link was followed (Confirm). Whether the address has an account of its own
/// learns only who reads its mail.
/// </summary>
public sealed class ChangeAddressModel(
    AccountLinks links, AccountMail mail, IdentityStore store, Throttle throttle, IConfiguration configuration, IStringLocalizer<Texts> texts) : SignedInPage
{
    [BindProperty] public string? Email { get; set; }

    public bool MailIsSent => mail.IsSent;

    protected override bool WantsRecentSignIn => true;

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!mail.IsSent) return RedirectToPage();

        var address = Email?.Trim() ?? "";
        if (MailMessage.CheckAddress("email", address) is not null) return Refused("email", texts["InvalidEmail", address]);
        if (DemoAccounts.Keeps(address, configuration)) return Refused("email", texts["DemoAddress"]);
        if (address.Equals(Account.Email, StringComparison.OrdinalIgnoreCase)) return Refused("email", texts["AddressIsThisOne"]);
        if (!await throttle.TakeAsync(Throttle.Mailing(HttpContext, address)))
            return Refused("email", texts["TooManyTries"], StatusCodes.Status429TooManyRequests);

        var link = mail.WithLink(Account.Id, LinkPurpose.ChangeAddress, address);
        await mail.TellAsync(
            async () =>
            {
                // The last one that was asked for counts.
                await links.ForgetAsync(Account.Id, LinkPurpose.ChangeAddress);
                return await store.SaveChangesAsync() > 0;
            },
            [.. link, mail.Of("AddressAsked", Account.Email!)]);
        return RedirectToPage("/Account", new { done = "SentNew" });
    }
}
