using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>
/// The step after the password, where the account's owner has asked for one: a code of an authenticator application, or one of ten that were written down.
/// Each code is good once.
/// </summary>
public sealed class SecondStep(IdentityStore store, MasterKey master, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>What the key is encrypted for.</summary>
    public const string Purpose = "totp";

    const string PendingCookie = "volunteerbook.second";
    const int Codes = 10, CodeLength = 10, Iterations = 100_000;

    // No two that look alike.
    const string Letters = "abcdefghjkmnpqrstuvwxyz23456789";

    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly ITimeLimitedDataProtector pending = protection.CreateProtector("VolunteerBook.Identity.SecondStep").ToTimeLimitedDataProtector();

    /// <summary>Notes in the browser that the first step was right: the password, as it is now, or another provider.</summary>
    public void Ask(HttpContext http, Account account, bool remember, bool shown) => http.Response.Cookies.Append(
        PendingCookie, pending.Protect($"{account.Id} {remember} {shown} {account.SecurityStamp}", clock.GetUtcNow() + Patience),
        new() { MaxAge = Patience, HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true, Secure = http.Request.IsHttps, Path = "/account" });

    /// <summary>Whose first step was right in this browser a moment ago; nothing when the password was changed since.</summary>
    public async Task<(Account Account, bool Remember, bool Shown)?> AskedAsync(HttpContext http)
    {
        try
        {
            return http.Request.Cookies[PendingCookie] is { } cookie && pending.Unprotect(cookie).Split(' ') is [var id, var remember, var shown, var stamp]
                && await store.Users.FirstOrDefaultAsync(account => account.Id == Guid.Parse(id) && account.SecurityStamp == stamp) is { } account
                ? (account, bool.Parse(remember), bool.Parse(shown)) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Forgets that.</summary>
    public static void Done(HttpContext http) => http.Response.Cookies.Delete(PendingCookie, new() { Path = "/account" });

    /// <summary>A new key for an account, to be confirmed by its first code; saved with the account.</summary>
    public void NewKey(Account account) => account.CodeKey = master.Protect(Totp.NewKey(), Purpose);

    /// <summary>The key of an account that has one.</summary>
    public byte[] Key(Account account) => master.Unprotect(account.CodeKey, Purpose);

    /// <summary>Takes a code of the application. False when it is wrong or was taken before, also by another at the same moment.</summary>
    public async Task<bool> TakeCodeAsync(Account account, string code) =>
        account.CodeKey is not null && Totp.Step(Key(account), code, clock.GetUtcNow(), account.CodeStep) is { } step
        && await store.Users.Where(known => known.Id == account.Id && known.CodeStep < step)
            .ExecuteUpdateAsync(change => change.SetProperty(known => known.CodeStep, step)) == 1;

    /// <summary>Takes one of the codes that were written down.</summary>
    public async Task<bool> TakeRecoveryCodeAsync(Account account, string code)
    {
        var hash = Hash(account.Id, code);
        return await store.RecoveryCodes.Where(known => known.AccountId == account.Id && known.Hash == hash).ExecuteDeleteAsync() == 1;
    }

    /// <summary>How many are left of them.</summary>
    public Task<int> LeftAsync(Account account) => store.RecoveryCodes.CountAsync(code => code.AccountId == account.Id);

    /// <summary>Ten new ones in place of those there were; they are told once.</summary>
    public async Task<IReadOnlyList<string>> NewRecoveryCodesAsync(Account account)
    {
        string[] codes = [.. Enumerable.Range(0, Codes).Select(_ => RandomNumberGenerator.GetString(Letters, CodeLength))];
        await store.RecoveryCodes.Where(code => code.AccountId == account.Id).ExecuteDeleteAsync();
        store.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode { AccountId = account.Id, Hash = Hash(account.Id, code) }));
        await store.SaveChangesAsync();
        return [.. codes.Select(code => $"{code[..(CodeLength / 2)]}-{code[(CodeLength / 2)..]}")];
    }

    /// <summary>Turns the step off; the account is saved by whoever asks for it.</summary>
    public async Task TurnOffAsync(Account account)
    {
        (account.TwoFactorEnabled, account.CodeKey) = (false, null);
        await store.RecoveryCodes.Where(code => code.AccountId == account.Id).ExecuteDeleteAsync();
    }

    // Fifty bits are few for a plain hash (NIST SP 800-63B-4, 3.1.2.2).
    static byte[] Hash(Guid account, string code) => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(string.Concat(code.ToLowerInvariant().Where(char.IsLetterOrDigit))), account.ToByteArray(), Iterations,
        HashAlgorithmName.SHA512, 32);
}
