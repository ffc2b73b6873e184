using Microsoft.AspNetCore.Identity;

namespace VolunteerBook.Identity;

/// <summary>
/// Passkeys (WebAuthn, by ASP.NET Core Identity). The device asks its owner for a finger, a face or a PIN before it signs, so that a passkey alone is two
/// factors, and it signs for our address only, so that no other site can make use of it.
/// </summary>
public sealed class Passkeys(SignInManager<Account> signIn, UserManager<Account> accounts)
{
    /// <summary>The most that an account has.</summary>
    public const int Most = 20;

    /// <summary>The longest name of one.</summary>
    public const int LongestName = 60;

    /// <summary>The options with which a browser makes a passkey, as JSON.</summary>
    public Task<string> ToMakeAsync(Account account) =>
        signIn.MakePasskeyCreationOptionsAsync(new() { Id = account.Id.ToString(), Name = account.UserName!, DisplayName = account.UserName! });

    /// <summary>The options with which a browser uses one, as JSON: one of the account's, or any.</summary>
    public Task<string> ToUseAsync(Account? account = null) => signIn.MakePasskeyRequestOptionsAsync(account!);

    /// <summary>The passkey that the account's browser has just made; nothing when it is not what was asked for.</summary>
    public async Task<UserPasskeyInfo?> MadeAsync(Account account, string? credential)
    {
        try
        {
            return !string.IsNullOrEmpty(credential) && await signIn.PerformPasskeyAttestationAsync(credential) is { Succeeded: true } made
                && made.UserEntity.Id == account.Id.ToString() ? made.Passkey : null;
        }
        catch (InvalidOperationException)
        {
            // Nothing was asked for in this browser, or too long ago.
            return null;
        }
    }

    /// <summary>Whose passkey a browser has just used; nothing when that proves nothing.</summary>
    public async Task<Account?> WhoAsync(string? credential)
    {
        try
        {
            if (string.IsNullOrEmpty(credential) || await signIn.PerformPasskeyAssertionAsync(credential) is not { Succeeded: true } used) return null;

            // It counts how often it was used: a copy is found out by that.
            return (await accounts.AddOrUpdatePasskeyAsync(used.User, used.Passkey)).Succeeded ? used.User : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
