using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// A key as one caller uses it. The table holds hashes: a client may write a name into its key, and the hash of a request without the
/// key would let what was in it be guessed.
/// </summary>
/// <param name="Caller">
/// The subject. Who has none shares the key with those who know the address, which has to be a secret where something can be changed.
/// </param>
/// <param name="Key">SHA-256 of the key, hexadecimal.</param>
/// <param name="RequestHash">HMAC-SHA-256 of method, address, If-Match and body under the key.</param>
internal sealed record IdempotencyKey(string Caller, string Key, byte[] RequestHash)
{
    public static async Task<IdempotencyKey> OfAsync(HttpContext http, string key)
    {
        var request = http.Request;
        await request.ReceiveAsync(http.RequestAborted);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(key));
        hmac.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\nIf-Match: {request.Headers.IfMatch}\n"));
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, http.RequestAborted)) > 0)
        {
            hmac.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        var caller = new Caller(http.User);
        return new IdempotencyKey(caller.IsSignedIn ? caller.Subject : $"anonymous {Hash(request.Path)}", Hash(key), hmac.GetHashAndReset());
    }

    public async Task<KeptAnswer?> FindAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select request_hash, status, headers, body from idempotent_requests where caller = $1 and key = $2");
        command.Parameters.Add(new() { Value = Caller });
        command.Parameters.Add(new() { Value = Key });
        await using var reader = await command.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return null;
        }

        return CryptographicOperations.FixedTimeEquals(reader.GetFieldValue<byte[]>(0), RequestHash)
            ? new KeptAnswer(reader.GetInt32(1), JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2))!, reader.GetFieldValue<byte[]>(3))
            : throw new RefusedException(new Refusal(
                "idempotency-key-reused", StatusCodes.Status422UnprocessableEntity, "This Idempotency-Key was used for another request.", "Idempotency-Key"));
    }

    /// <summary>
    /// Makes the key this transaction's until its end. Two processes may both have found no answer: the second to come
    /// here finds the first at it, or its answer.
    /// </summary>
    /// <exception cref="KeyTakenException">Another process carries the request out, or has.</exception>
    public async Task ClaimAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        // Two statements: the second has to see what was committed before the lock was free.
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new("select pg_try_advisory_xact_lock(hashtextextended($1, 0))") { Parameters = { new() { Value = $"{Caller}\n{Key}" } } },
                new("select exists (select 1 from idempotent_requests where caller = $1 and key = $2)")
                {
                    Parameters = { new() { Value = Caller }, new() { Value = Key } },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var isOurs = reader.GetBoolean(0);
        await reader.NextResultAsync(ct);
        await reader.ReadAsync(ct);
        if (!isOurs || reader.GetBoolean(0))
        {
            throw new KeyTakenException();
        }
    }

    public async Task KeepAsync(NpgsqlTransaction transaction, KeptAnswer answer)
    {
        await using var command = new NpgsqlCommand(
            "insert into idempotent_requests (caller, key, request_hash, status, headers, body) values ($1, $2, $3, $4, $5::jsonb, $6)",
            transaction.Connection, transaction);
        foreach (var value in new object[] { Caller, Key, RequestHash, answer.Status, JsonSerializer.Serialize(answer.Headers), answer.Body })
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
