using System.Security.Cryptography;
using Npgsql;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// The Ed25519 key that signs checkpoints: its 32 bytes (RFC 8032, 5.1.5) in base64 under <c>Log:SigningKey</c>; its name, the log's origin, under
/// <c>Log:Origin</c>. Kept out of the database: whoever can change the events must not be able to sign for them. Only a development environment may go without
/// one, and keeps one in the database then. What the database does keep is how one key handed over to the next, which none but the keys themselves can forge.
/// </summary>
public sealed class LogKey
{
    /// <summary>Setting that holds the key.</summary>
    public const string Setting = "Log:SigningKey";

    /// <summary>Setting that holds the key to hand over to, for <see cref="RotateLogKey"/> alone.</summary>
    public const string NextSetting = "Log:NextSigningKey";

    /// <summary>Setting that holds the origin.</summary>
    public const string OriginSetting = "Log:Origin";

    private const string DefaultOrigin = "volunteerbook.example/ledger";
    private readonly string origin;
    private volatile NoteSigner? signer;
    private volatile LogKeys? keys;

    private LogKey(string origin, NoteSigner? signer, NoteSigner? next) =>
        (this.origin, this.signer, Next, IsConfigured) = (origin, signer, next, signer is not null);

    /// <summary>Whether it is configured, and not one that a development database keeps.</summary>
    public bool IsConfigured { get; }

    /// <summary>The key to hand over to; null where none is configured.</summary>
    public NoteSigner? Next { get; }

    /// <summary>The configured key.</summary>
    /// <exception cref="InvalidOperationException">
    /// There is none although this is no development environment, or it is not 32 bytes in base64, or the origin cannot name a key.
    /// </exception>
    public static LogKey From(IConfiguration configuration, bool isDevelopment)
    {
        var origin = configuration[OriginSetting] is { Length: > 0 } named ? named : DefaultOrigin;
        var signer = Read(configuration, Setting, origin);
        return signer is not null || isDevelopment
            ? new LogKey(origin, signer, Read(configuration, NextSetting, origin))
            : throw new InvalidOperationException($"{Setting} is not set; it must be 32 random bytes in base64, e.g. from `openssl rand -base64 32`.");
    }

    /// <summary>The signer: as configured, or in development the one that the database keeps for all instances.</summary>
    public async ValueTask<NoteSigner> SignerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (signer is { } known)
        {
            return known;
        }

        await using (var keep = new NpgsqlCommand("insert into log_development_key (id, seed) values (1, $1) on conflict (id) do nothing", connection))
        {
            keep.Parameters.Add(new() { Value = RandomNumberGenerator.GetBytes(32) });
            await keep.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var read = new NpgsqlCommand("select seed from log_development_key where id = 1", connection);
        return signer = new NoteSigner(origin, (byte[])(await read.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>All keys of the log, of which the signer is one.</summary>
    /// <exception cref="FormatException">The signer is none of those whose succession the database keeps, or somebody wrote into that.</exception>
    public async ValueTask<LogKeys> KeysAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var successions = await SuccessionsAsync(connection, cancellationToken);
        var own = (await SignerAsync(connection, cancellationToken)).Verifier;
        // What was proven once needs no proof again, as long as it is the same.
        return keys is { } known && known.Successions.Select(one => one.Note).ToHashSet().SetEquals(successions) ? known : keys = LogKeys.Of(own, successions);
    }

    /// <summary>The notes by which the log's keys handed over, as the database keeps them.</summary>
    internal static async Task<IReadOnlyList<string>> SuccessionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select note from log_key_successions order by number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var notes = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            notes.Add(reader.GetString(0));
        }

        return notes;
    }

    /// <summary>A signer of this log.</summary>
    internal NoteSigner Of(byte[] seed) => new(origin, seed);

    private static NoteSigner? Read(IConfiguration configuration, string setting, string origin)
    {
        if (string.IsNullOrWhiteSpace(configuration[setting]))
        {
            return null;
        }

        var seed = new byte[32];
        if (!Convert.TryFromBase64String(configuration[setting]!.Trim(), seed, out var length) || length != seed.Length)
        {
            throw new InvalidOperationException($"{setting} is not 32 bytes in base64.");
        }

        try
        {
            return new NoteSigner(origin, seed);
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"{OriginSetting} cannot name a key: {exception.Message}", exception);
        }
    }
}
