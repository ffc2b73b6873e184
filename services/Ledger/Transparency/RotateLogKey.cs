using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// <c>log rotate</c>: the key of <c>Log:SigningKey</c> hands over to that of <c>Log:NextSigningKey</c>, or the one that a development database keeps to a new
/// one. Both sign that, and the new key signs the last checkpoint too; all in one transaction, so that it has happened or has not. Whoever signed with the
/// earlier key signs nothing more, also where an instance still has it.
/// </summary>
internal sealed class RotateLogKey(NpgsqlDataSource database, LogKey key, TimeProvider clock) : IVerb
{
    /// <summary>The exit code where the log is the earlier key's and is not what was signed: nothing has been handed over, now or before.</summary>
    internal const int NothingHandedOver = 3;

    /// <summary>The exit code where it cannot be told whose the log is: nothing is handed over now, and may have been before.</summary>
    internal const int KeysUnknown = 4;

    public string Name => "log";

    public string Usage => "log rotate";

    public async Task<int?> RunAsync(string[] args, CancellationToken ct)
    {
        if (args is not ["rotate"])
        {
            return null;
        }

        try
        {
            Console.WriteLine(await RotateAsync(ct));
            return 0;
        }
        catch (Exception refused) when (refused is InvalidDataException or FormatException)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return refused is InvalidDataException ? NothingHandedOver : KeysUnknown;
        }
    }

    private async Task<string> RotateAsync(CancellationToken ct)
    {
        if (key.IsConfigured && key.Next is null)
        {
            throw new InvalidOperationException($"{LogKey.NextSetting} is not set; it must be the key to hand over to, 32 random bytes in base64.");
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var alone = new NpgsqlCommand($"select pg_advisory_xact_lock({LogState.Lock})", connection))
        {
            await alone.ExecuteNonQueryAsync(ct);
        }

        var signer = await key.SignerAsync(connection, ct);
        var keys = await key.KeysAsync(connection, ct);
        var seed = RandomNumberGenerator.GetBytes(32);
        var next = key.IsConfigured ? key.Next! : key.Of(seed);
        if (Same(keys.Current, next) && keys.Successions.Any(one => Same(one.Earlier, signer) && Same(one.Later, next)))
        {
            return $"{next.Verifier} is already the log's key.";
        }

        var former = !Same(keys.Current, signer) ? LogKey.Setting : keys.Terms.Any(term => Same(term.Key, next)) ? LogKey.NextSetting : null;
        if (former is not null)
        {
            throw new InvalidOperationException($"{former} is an earlier key of the log; the current one is {keys.Current}.");
        }

        var state = await LogState.ReadAsync(connection, ct);
        var (_, last) = await state.ProvenAsync(connection, keys, ct);
        if (last is not null)
        {
            await HandOverAsync(connection, keys, KeySuccession.Sign(signer, next, last, clock.GetUtcNow()), state.Note!, next, ct);
        }

        if (!key.IsConfigured)
        {
            await using var replace = new NpgsqlCommand("update log_development_key set seed = $1 where id = 1", connection)
            {
                Parameters = { new() { Value = seed } },
            };
            await replace.ExecuteNonQueryAsync(ct);
        }

        await transaction.CommitAsync(ct);
        return last is null
            ? $"Nothing has been signed yet: {next.Verifier} is the log's first key."
            : string.Create(CultureInfo.InvariantCulture, $"{next.Verifier} follows {signer.Verifier} after {last.Size} leaves.");
    }

    /// <param name="proven">The last checkpoint as it was proven: what the database says of it by now is not what a new key signs.</param>
    private static async Task HandOverAsync(
        NpgsqlConnection connection, LogKeys keys, KeySuccession succession, string proven, NoteSigner next, CancellationToken ct)
    {
        await using (var keep = new NpgsqlCommand("insert into log_key_successions (number, note) values ($1, $2)", connection)
        {
            Parameters = { new() { Value = keys.Successions.Count + 1 }, new() { Value = succession.Note } },
        })
        {
            await keep.ExecuteNonQueryAsync(ct);
        }

        // Who knows the new key alone can open it, too.
        await using var sign = new NpgsqlCommand("update log_checkpoints set note = $2 where size = $1 and note = $3", connection)
        {
            Parameters = { new() { Value = succession.Size }, new() { Value = next.AddTo(proven) }, new() { Value = proven } },
        };
        if (await sign.ExecuteNonQueryAsync(ct) != 1)
        {
            throw new InvalidDataException("The last checkpoint was changed while the log was handed over.");
        }
    }

    private static bool Same(NoteVerifier one, NoteSigner other) => one.ToString() == other.Verifier.ToString();
}
