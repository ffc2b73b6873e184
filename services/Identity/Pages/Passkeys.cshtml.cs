using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity.Pages;

/// <summary>The account's passkeys: made, named and removed.</summary>
public sealed class PasskeysModel(Passkeys passkeys, UserManager<Account> accounts, AccountMail mail, IStringLocalizer<Texts> texts) : SignedInPage
{
    static readonly string[] Doings = ["Made", "Named", "Removed"];

    /// <summary>A passkey as it is shown.</summary>
    public sealed record Shown(string Id, string Name, DateTimeOffset CreatedAt);

    public IReadOnlyList<Shown> All { get; private set; } = [];

    /// <summary>With what a browser makes one.</summary>
    public string Options { get; private set; } = "";

    public string? Done { get; private set; }

    protected override bool WantsRecentSignIn => true;

    public async Task OnGetAsync(string? done)
    {
        Done = Doings.Contains(done) ? done : null;
        await ShowAsync();
    }

    public async Task<IActionResult> OnPostAddAsync(string? credential)
    {
        if ((await accounts.GetPasskeysAsync(Account)).Count >= Passkeys.Most) return await RefusedAsync(texts["PasskeysMany", Passkeys.Most]);
        if (await passkeys.MadeAsync(Account, credential) is not { } made) return await RefusedAsync(texts["PasskeyNotMade"]);

        made.Name = Short(BrowserName.Of(Request.Headers.UserAgent.ToString()));
        var added = await mail.TellAsync(
            async () => (await accounts.AddOrUpdatePasskeyAsync(Account, made)).Succeeded, mail.Of("PasskeyMade", Account.Email!, made.Name));
        return added ? RedirectToPage(new { done = "Made" }) : await RefusedAsync(texts["ChangedMeanwhile"]);
    }

    public async Task<IActionResult> OnPostNameAsync(string? id, string? name)
    {
        if (string.IsNullOrWhiteSpace(name) || !Written.IsText(name)) return await RefusedAsync(texts["PasskeyNameMissing"]);
        if (await FindAsync(id) is not { } passkey) return RedirectToPage();

        passkey.Name = Short(name.Trim());
        return (await accounts.AddOrUpdatePasskeyAsync(Account, passkey)).Succeeded
            ? RedirectToPage(new { done = "Named" }) : await RefusedAsync(texts["ChangedMeanwhile"]);
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? id)
    {
        if (await FindAsync(id) is not { } passkey) return RedirectToPage();

        var removed = await mail.TellAsync(
            async () => (await accounts.RemovePasskeyAsync(Account, passkey.CredentialId)).Succeeded,
            mail.Of("PasskeyRemoved", Account.Email!, passkey.Name ?? ""));
        return removed ? RedirectToPage(new { done = "Removed" }) : await RefusedAsync(texts["ChangedMeanwhile"]);
    }

    async Task<UserPasskeyInfo?> FindAsync(string? id) =>
        (await accounts.GetPasskeysAsync(Account)).FirstOrDefault(passkey => Base64Url.EncodeToString(passkey.CredentialId) == id);

    async Task<IActionResult> RefusedAsync(string text)
    {
        await ShowAsync();
        return Refused("", text);
    }

    async Task ShowAsync()
    {
        HttpContext.UseScript();
        All =
        [
            .. (await accounts.GetPasskeysAsync(Account)).OrderBy(passkey => passkey.CreatedAt)
                .Select(passkey => new Shown(Base64Url.EncodeToString(passkey.CredentialId), passkey.Name ?? "—", passkey.CreatedAt)),
        ];
        Options = await passkeys.ToMakeAsync(Account);
    }

    static string Short(string name) => name.Length <= Passkeys.LongestName ? name : name[..Passkeys.LongestName];
}
