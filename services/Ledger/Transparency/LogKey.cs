using System.Security.Cryptography;
using Npgsql;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// The Ed25519 key that signs checkpoints: its 32 bytes (RFC 8032, 5.1.5) in base64 under <c>Log:SigningKey</c>; its name, the log's origin, under <c>Log:Origin</c>.
/// Kept out of the database: whoever can change the events must not be able to sign for them. Only a development environment may go without one, and keeps one in the database then.
/// </summary>
public sealed class LogKey
{
    /// <summary>Setting that holds the key.</summary>
    public const string Setting = "Log:SigningKey";

    /// <summary>Setting that holds the origin.</summary>
    public const string OriginSetting = "Log:Origin";

    private const string DefaultOrigin = "volunteerbook.example/ledger";
    private readonly string origin;
    private volatile NoteSigner? signer;

    private LogKey(string origin, NoteSigner? signer) => (this.origin, this.signer) = (origin, signer);

    /// <summary>The configured key.</summary>
    /// <exception cref="InvalidOperationException">There is none although this is no development environment, or it is not 32 bytes in base64, or the origin cannot name a key.</exception>
    public static LogKey From(IConfiguration configuration, bool isDevelopment)
    {
        var origin = configuration[OriginSetting] is { Length: > 0 } named ? named : DefaultOrigin;
        if (string.IsNullOrWhiteSpace(configuration[Setting]))
        {
            return isDevelopment
                ? new LogKey(origin, null)
                : throw new InvalidOperationException($"{Setting} is not set: it holds 32 random bytes in base64, e.g. from `openssl rand -base64 32`.");
        }

        var seed = new byte[32];
        if (!Convert.TryFromBase64String(configuration[Setting]!.Trim(), seed, out var length) || length != seed.Length)
        {
            throw new InvalidOperationException($"{Setting} is not 32 bytes in base64.");
        }

        try
        {
            return new LogKey(origin, new NoteSigner(origin, seed));
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"{OriginSetting} cannot name a key: {exception.Message}", exception);
        }
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
}
