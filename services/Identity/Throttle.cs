using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>So many tries at once, and one more each time this has passed.</summary>
public sealed record Limit(string Key, int Burst, TimeSpan Each);

/// <summary>
/// Slows down guessing without a lock that a stranger could hold. Tries count for the network they come from, and for the account as that network sees it; all
/// strangers together have a hundred tries at an account (NIST SP 800-63B-4, 3.2.2). A browser in which the account's owner has signed in before has tries of
/// its own, which nobody else can use up. Counted in the database, for all instances, under keyed hashes: the table names no address and no account.
/// </summary>
public sealed class Throttle(IdentityStore store, MasterKey master, IDataProtectionProvider protection, ILookupNormalizer names, TimeProvider clock)
{
    const string DeviceCookie = "volunteerbook.device";

    /// <summary>After this long without a try every count is back at nothing.</summary>
    public static readonly TimeSpan LongestMemory = TimeSpan.FromHours(2);

    readonly IDataProtector devices = protection.CreateProtector("VolunteerBook.Identity.Device");

    /// <summary>What a try to sign in counts for.</summary>
    public IReadOnlyList<Limit> SigningIn(HttpContext http, string userName)
    {
        var (network, account) = (Network(http.Connection.RemoteIpAddress), names.NormalizeName(userName) ?? "");
        return Device(http, account) is { } device
            ? [new($"device {device}", 20, TimeSpan.FromSeconds(30))]
            : [new($"network {network}", 30, TimeSpan.FromSeconds(10)), new(
                $"account {account} from {network}", 10, TimeSpan.FromMinutes(1)), new($"account {account}", 100, TimeSpan.FromMinutes(1))];
    }

    /// <summary>What a registration counts for. A whole class may register from one network.</summary>
    public static IReadOnlyList<Limit> Registering(HttpContext http) =>
        [new($"registrations {Network(http.Connection.RemoteIpAddress)}", 40, TimeSpan.FromSeconds(20))];

    /// <summary>What a code after the password counts for: with five at once and one more every ten minutes nobody guesses one of a million.
    /// Who has the password alone cannot use up the tries of the owner's own devices.</summary>
    public IReadOnlyList<Limit> SecondStep(HttpContext http, Account account) => Device(http, account.NormalizedUserName!) is { } device
        ? [new($"codes {account.Id} on {device}", 5, TimeSpan.FromMinutes(10)), new($"codes {account.Id} on known devices", 20, TimeSpan.FromMinutes(10))]
        : [new($"codes {account.Id}", 5, TimeSpan.FromMinutes(10))];

    /// <summary>What a passkey counts for.</summary>
    public static IReadOnlyList<Limit> WithPasskey(HttpContext http) =>
        [new($"passkeys {Network(http.Connection.RemoteIpAddress)}", 30, TimeSpan.FromSeconds(10))];

    /// <summary>What a mail to an address counts for that somebody has typed: nobody's letter box is filled by a stranger.</summary>
    public static IReadOnlyList<Limit> Mailing(HttpContext http, string address) =>
        [new($"mails from {Network(http.Connection.RemoteIpAddress)}", 30, TimeSpan.FromMinutes(1)),
            new($"mails to {address.ToUpperInvariant()}", 5, TimeSpan.FromMinutes(15))];

    /// <summary>
    /// Counts a try before it is made, so that many at once get no more. False when there is none left for now: then nothing may be looked at. A try that is
    /// refused does not count, or who goes on trying would keep everybody else out.
    /// </summary>
    public async Task<bool> TakeAsync(IReadOnlyList<Limit> limits)
    {
        for (var taken = 0; taken < limits.Count; taken++)
        {
            var limit = limits[taken];
            var level = await store.Database.SqlQuery<double>(
                $"""
                 INSERT INTO throttles AS t (key, level, at) VALUES ({Hidden(limit)}, 1, {clock.GetUtcNow()})
                 ON CONFLICT (key) DO UPDATE SET at = excluded.at,
                     level = 1 + greatest(0, t.level - extract(epoch from excluded.at - t.at)::float8 / {limit.Each.TotalSeconds})
                 WHERE 1 + greatest(0, t.level - extract(epoch from excluded.at - t.at)::float8 / {limit.Each.TotalSeconds}) <= {limit.Burst}
                 RETURNING level AS "Value"
                 """).ToListAsync();
            if (level.Count > 0) continue;

            await GiveBackAsync([.. limits.Take(taken)]);
            return false;
        }

        return true;
    }

    /// <summary>A try that was right does not count.</summary>
    public async Task GiveBackAsync(IReadOnlyList<Limit> limits)
    {
        var keys = limits.Select(Hidden).ToArray();
        await store.Database.ExecuteSqlAsync($"UPDATE throttles SET level = greatest(0, level - 1) WHERE key = ANY ({keys})");
    }

    /// <summary>From here on this browser is known as one of the account's owner.</summary>
    public void Remember(HttpContext http, Account account) => http.Response.Cookies.Append(
        DeviceCookie, devices.Protect($"{RandomNumberGenerator.GetHexString(32)} {account.NormalizedUserName}"),
        new()
        {
            MaxAge = TimeSpan.FromDays(365),
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            IsEssential = true,
            Secure = http.Request.IsHttps,
            Path = "/account",
        });

    /// <summary>Forgets counts that are back at nothing, so many at a time that no try waits long for their locks.</summary>
    public async Task PruneAsync(CancellationToken cancellation)
    {
        var before = clock.GetUtcNow() - LongestMemory;
        // Said twice: what is tried again meanwhile stays.
        while (await store.Database.ExecuteSqlAsync(
            $"DELETE FROM throttles WHERE key = ANY (ARRAY(SELECT key FROM throttles WHERE at < {before} LIMIT {Upkeep.BatchSize})) AND at < {before}",
            cancellation) == Upkeep.BatchSize)
        {
        }
    }

    // A cookie of another account, or one that was made up, is none.
    string? Device(HttpContext http, string account)
    {
        try
        {
            return http.Request.Cookies[DeviceCookie] is { } cookie && devices.Unprotect(cookie).Split(' ', 2) is [var device, var owner] && owner == account
                ? device
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Who has an address of IPv6 has 2^64 of them.
    static string Network(IPAddress? address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : $"{address?.MapToIPv4()}";

    byte[] Hidden(Limit limit) => master.Fingerprint(limit.Key, "throttle");
}
