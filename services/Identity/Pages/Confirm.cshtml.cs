using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>
/// Where the link in a mail leads that confirms an address: the account's own, or the one it is to have from then on. Confirmed is what its account's owner
/// confirms: who reads the mail shows first that the account is theirs, else a click would prove an account that somebody else made with their address.
/// </summary>
public sealed class ConfirmModel(AccountLinks links, UserManager<Account> accounts, AccountMail mail, IStringLocalizer<Texts> texts) : SignedInPage
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }

    /// <summary>What the link confirms; nothing when it is good for that no more.</summary>
    public string? Address { get; private set; }

    public bool Done { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await FindAsync() is { } link && link.AccountId != Account.Id ? SignInFirst() : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is not { } link) return Page();
        if (link.AccountId != Account.Id) return SignInFirst();
        if (await accounts.FindByNameAsync(link.Address) is { } other && other.Id != Account.Id) return IsAnothers();

        var before = Account.Email!;
        var changes = link.Purpose is LinkPurpose.ChangeAddress;
        try
        {
            Done = await mail.TellAsync(
                async () =>
                {
                    if (!await links.UseAsync(Token)) return false;

                    (Account.UserName, Account.Email, Account.EmailConfirmed) = (link.Address, link.Address, true);
                    if (changes)
                    {
                        // What was sent before, to this address or another, must not open or move the account any more.
                        await links.ForgetAsync(Account.Id, LinkPurpose.NewPassword);
                        await links.ForgetAsync(Account.Id, LinkPurpose.ChangeAddress);
                    }

                    return (await accounts.UpdateAsync(Account)).Succeeded;
                },
                changes ? [mail.Of("AddressChanged", before)] : []);
        }
        catch (DbUpdateException taken) when (Accounts.IsTaken(taken))
        {
            return IsAnothers();
        }

        return Done ? Page() : Refused("", texts["ChangedMeanwhile"], StatusCodes.Status409Conflict);
    }

    PageResult IsAnothers() => Refused("", texts["AddressIsAnothers"], StatusCodes.Status409Conflict);

    // A link to an address that the account has no more confirms nothing. Of another's account the page shows nothing.
    async Task<AccountLink?> FindAsync()
    {
        if (await links.FindAsync(Token) is { Purpose: LinkPurpose.ConfirmAddress or LinkPurpose.ChangeAddress } link
            && (link.AccountId != Account.Id || link.Purpose is LinkPurpose.ChangeAddress || link.Address == Account.Email))
        {
            Address = link.Address;
            return link;
        }

        Response.StatusCode = StatusCodes.Status410Gone;
        return null;
    }
}
