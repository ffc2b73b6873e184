using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace VolunteerBook.Identity.Pages;

/// <summary>Where the link in a mail leads that confirms an address: the account's own, or the one it is to have from then on.</summary>
public sealed class ConfirmModel(AccountLinks links, UserManager<Account> accounts, AccountMail mail, IStringLocalizer<Texts> texts) : FormPage
{
    [BindProperty(SupportsGet = true)] public string? Token { get; set; }

    /// <summary>What the link confirms; nothing when it is good for that no more.</summary>
    public string? Address { get; private set; }

    public bool Done { get; private set; }

    public Task OnGetAsync() => FindAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is not var (link, account)) return Page();
        if (await accounts.FindByNameAsync(link.Address) is { } other && other.Id != account.Id)
            return Refused("", texts["AddressIsAnothers"], StatusCodes.Status409Conflict);

        var before = account.Email!;
        var changes = link.Purpose is LinkPurpose.ChangeAddress;
        Done = await mail.TellAsync(
            async () =>
            {
                (account.UserName, account.Email, account.EmailConfirmed) = (link.Address, link.Address, true);
                // What was sent to the address before must not open the account any more.
                if (changes) await links.ForgetAsync(account.Id, LinkPurpose.NewPassword);
                return await links.UseAsync(Token) && (await accounts.UpdateAsync(account)).Succeeded;
            },
            changes ? [mail.Of("AddressChanged", before)] : []);
        return Done ? Page() : Refused("", texts["ChangedMeanwhile"], StatusCodes.Status409Conflict);
    }

    // A link to an address that the account has no more confirms nothing.
    async Task<(AccountLink Link, Account Account)?> FindAsync()
    {
        if (await links.FindAsync(Token) is { } link && await accounts.FindByIdAsync(link.AccountId.ToString()) is { } account
            && (link.Purpose is LinkPurpose.ChangeAddress || (link.Purpose is LinkPurpose.ConfirmAddress && link.Address == account.Email)))
        {
            Address = link.Address;
            return (link, account);
        }

        Response.StatusCode = StatusCodes.Status410Gone;
        return null;
    }
}
