using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>
/// The keys of this instance, read from the database. Renewing makes a first key, a successor in good time, and forgets keys that
/// no living token can have been made with. OpenIddict reads its options per request, and they are rebuilt when the keys change.
/// </summary>
public sealed class Keys(MasterKey master, IOptions<KeySchedule> schedule, TimeProvider clock)
    : IConfigureOptions<OpenIddictServerOptions>, IOptionsChangeTokenSource<OpenIddictServerOptions>, IDisposable
{
    CancellationTokenSource changed = new();
    List<TokenKey> keys = [];
    DateTimeOffset takenUpAt;

    public string? Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => new CancellationChangeToken(changed.Token);

    public void Configure(OpenIddictServerOptions options)
    {
        foreach (var key in InUseOrder(KeyUse.Signing))
        {
            var rsa = RSA.Create();
            rsa.ImportRSAPrivateKey(Open(key), out _);
            options.SigningCredentials.Add(new(new RsaSecurityKey(rsa) { KeyId = KeyId(key) }, SecurityAlgorithms.RsaSha256));
        }

        foreach (var key in InUseOrder(KeyUse.Encryption))
        {
            options.EncryptionCredentials.Add(new(new SymmetricSecurityKey(Open(key)) { KeyId = KeyId(key) },
                SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512));
        }
    }

    /// <summary>Makes and forgets keys as <see cref="Plan"/> says, and takes up what the database then holds.</summary>
    /// <exception cref="StartRefusedException">The database holds keys under another master key.</exception>
    public async Task RenewAsync(IdentityStore store, CancellationToken cancellation = default)
    {
        var now = clock.GetUtcNow();
        var stored = await store.TokenKeys.ToListAsync(cancellation);
        foreach (var use in Enum.GetValues<KeyUse>())
        {
            var (usedFrom, expired) = Plan([.. stored.Where(k => k.Use == use)], schedule.Value, now);
            if (usedFrom is { } from) store.TokenKeys.Add(Make(use, now, from));
            store.TokenKeys.RemoveRange(expired);
        }

        await store.SaveChangesAsync(cancellation);
        var current = await store.TokenKeys.AsNoTracking().OrderBy(k => k.Id).ToListAsync(cancellation);
        foreach (var key in current) Open(key);
        TakeUp(current, now);
    }

    /// <summary>Pure: from when a further key is to be used, if one is to be made, and the keys to be forgotten.</summary>
    public static (DateTimeOffset? NextUsedFrom, IReadOnlyList<TokenKey> Expired) Plan(IReadOnlyList<TokenKey> keys, KeySchedule schedule, DateTimeOffset now)
    {
        if (keys.Count == 0) return (now, []);

        var byUse = keys.OrderByDescending(k => k.UsedFrom).ToList();
        var replaced = byUse[0].UsedFrom + schedule.Lifetime;
        DateTimeOffset? next = replaced - schedule.Notice > now ? null : replaced > now ? replaced : now + schedule.Notice;

        // A key's place is taken when the next younger key comes into use.
        var expired = byUse.Zip(byUse.Skip(1)).Where(pair => pair.First.UsedFrom + schedule.Retention < now).Select(pair => pair.Second);
        return (next, [.. expired]);
    }

    public void Dispose() => changed.Dispose();

    TokenKey Make(KeyUse use, DateTimeOffset now, DateTimeOffset usedFrom)
    {
        using var rsa = use is KeyUse.Signing ? RSA.Create(2048) : null;
        var plain = rsa?.ExportRSAPrivateKey() ?? RandomNumberGenerator.GetBytes(32);
        return new() { Id = Guid.CreateVersion7(now), Use = use, CreatedAt = now, UsedFrom = usedFrom, Protected = master.Protect(plain, Purpose(use)) };
    }

    // The newest key that is in use comes first: OpenIddict signs with the first of its list.
    List<TokenKey> InUseOrder(KeyUse use)
    {
        var now = clock.GetUtcNow();
        return [.. keys.Where(k => k.Use == use).OrderBy(k => k.UsedFrom > now).ThenByDescending(k => k.UsedFrom)];
    }

    // The order may change without a new key, when a published one comes into use.
    void TakeUp(List<TokenKey> current, DateTimeOffset now)
    {
        var before = States(keys, takenUpAt);
        (keys, takenUpAt) = (current, now);
        if (!before.SequenceEqual(States(current, now))) Interlocked.Exchange(ref changed, new()).Cancel();
    }

    static List<(Guid, bool)> States(List<TokenKey> keys, DateTimeOffset now) => [.. keys.Select(k => (k.Id, k.UsedFrom > now))];

    byte[] Open(TokenKey key)
    {
        try
        {
            return master.Unprotect(key.Protected, Purpose(key.Use));
        }
        catch (CryptographicException)
        {
            throw new StartRefusedException("the database holds token keys under another master key; set Identity:MasterKey to the one they were made with, "
                + "or empty the table token_keys, which ends all sessions.");
        }
    }

    static string KeyId(TokenKey key) => key.Id.ToString("N");

    internal static string Purpose(KeyUse use) => use.ToString();
}
