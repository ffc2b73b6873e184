using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Idempotency-Key on every POST (IETF draft-ietf-httpapi-idempotency-key-header): what the request brings about and its answer are stored in one transaction, so that the effect and the memory of
/// it are one. A repeat gets the stored answer; another body under the same key is 422. An answer without effect is not kept: what it refused may be mended and sent again. A refusal that went on
/// record is kept with the record. The transaction lasts from the save to the answer; a repeat of what is still under way waits in memory, and where another process has it, is 409.
/// </summary>
internal sealed class Idempotency(RequestDelegate next)
{
    private const string Header = "Idempotency-Key";

    // How long a request waits for the one before it under the same key.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public async Task InvokeAsync(HttpContext http, NpgsqlDataSource database, RequestTransaction request, OneAtATime oneAtATime)
    {
        request.ListenTo(http);
        var key = http.Request.Headers[Header].ToString();
        if (!HttpMethods.IsPost(http.Request.Method) || key.Length == 0 || http.GetEndpoint()?.Metadata.GetMetadata<OnlyAnswers>() is not null)
        {
            await CarryOutAsync(http, request);
            return;
        }

        if (key.Length > 200)
        {
            throw new RefusedException(Refusal.Invalid("idempotency-key-too-long", Header, "The Idempotency-Key must have at most 200 characters."));
        }

        // The whole body is here before anything begins.
        var asked = await IdempotencyKey.OfAsync(http, key);
        var ct = http.RequestAborted;
        using var turn = await oneAtATime.EnterAsync($"key {asked.Caller} {asked.Key}", ct);
        if (await asked.FindAsync(database, ct) is { } stored)
        {
            await stored.WriteAsync(http.Response, ct);
            return;
        }

        request.Key = asked;
        try
        {
            await CarryOutAndKeepAsync(http, request);
        }
        catch (KeyTakenException)
        {
            await (await OfAnotherProcessAsync(asked, database, ct)).WriteAsync(http.Response, ct);
        }
    }

    private async Task CarryOutAsync(HttpContext http, RequestTransaction request)
    {
        try
        {
            await next(http);
        }
        finally
        {
            await request.EndAsync();
        }
    }

    private async Task CarryOutAndKeepAsync(HttpContext http, RequestTransaction request)
    {
        var body = http.Response.Body;
        using var captured = new MemoryStream();
        http.Response.Body = captured;
        try
        {
            await next(http);
            if (request.HasEffect)
            {
                await request.AnswerAsync(KeptAnswer.Of(http, captured.ToArray()));
            }
        }
        finally
        {
            http.Response.Body = body;
            await request.EndAsync();
        }

        captured.Position = 0;
        await captured.CopyToAsync(body, http.RequestAborted);
    }

    private static async Task<KeptAnswer> OfAnotherProcessAsync(IdempotencyKey asked, NpgsqlDataSource database, CancellationToken ct)
    {
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Patience; await Task.Delay(Look, ct))
        {
            if (await asked.FindAsync(database, ct) is { } stored)
            {
                return stored;
            }
        }

        throw new RefusedException(Refusal.Conflict("request-under-way", "A request with this Idempotency-Key is being carried out; ask again in a moment.") with { Field = Header });
    }
}

/// <summary>
/// A key as one caller uses it. The table holds hashes: a client may write a name into its key, and the hash of a request without the key would let what was in it be guessed.
/// </summary>
/// <param name="Caller">The subject. Who has none shares the key with those who know the address, which has to be a secret where something can be changed.</param>
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
            : throw new RefusedException(new Refusal("idempotency-key-reused", StatusCodes.Status422UnprocessableEntity, "This Idempotency-Key was used for another request.", "Idempotency-Key"));
    }

    /// <summary>Makes the key this transaction's until its end. Two processes may both have found no answer: the second to come here finds the first at it, or its answer.</summary>
    /// <exception cref="KeyTakenException">Another process carries the request out, or has.</exception>
    public async Task ClaimAsync(NpgsqlTransaction transaction, CancellationToken ct)
    {
        // Two statements: the second has to see what was committed before the lock was free.
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction)
        {
            BatchCommands =
            {
                new("select pg_try_advisory_xact_lock(hashtextextended($1, 0))") { Parameters = { new() { Value = $"{Caller}\n{Key}" } } },
                new("select exists (select 1 from idempotent_requests where caller = $1 and key = $2)") { Parameters = { new() { Value = Caller }, new() { Value = Key } } },
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
            "insert into idempotent_requests (caller, key, request_hash, status, headers, body) values ($1, $2, $3, $4, $5::jsonb, $6)", transaction.Connection, transaction);
        foreach (var value in new object[] { Caller, Key, RequestHash, answer.Status, JsonSerializer.Serialize(answer.Headers), answer.Body })
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>Another process of the service has the key.</summary>
internal sealed class KeyTakenException() : Exception("Another process carries out the request with this Idempotency-Key.");

/// <summary>An answer as a repeat gets it.</summary>
internal sealed record KeptAnswer(int Status, Dictionary<string, string> Headers, byte[] Body)
{
    private static readonly string[] KeptHeaders = ["Content-Type", "ETag", "Location"];

    public static KeptAnswer Of(HttpContext http, byte[] body) => new(
        http.Response.StatusCode,
        KeptHeaders.Where(name => http.Response.Headers.ContainsKey(name)).ToDictionary(name => name, name => http.Response.Headers[name].ToString()),
        Without(http.GetEndpoint()?.Metadata.GetMetadata<ToldOnce>(), body));

    public async Task WriteAsync(HttpResponse response, CancellationToken ct)
    {
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers["Idempotent-Replayed"] = "true";
        if (Body.Length > 0)
        {
            await response.Body.WriteAsync(Body, ct);
        }
    }

    private static byte[] Without(ToldOnce? secret, byte[] answer)
    {
        if (secret is null || JsonNode.Parse(answer) is not JsonObject body)
        {
            return answer;
        }

        body.Remove(secret.Member);
        return JsonSerializer.SerializeToUtf8Bytes(body, Json.Options);
    }
}

/// <summary>Metadata of a POST that changes nothing.</summary>
internal sealed record OnlyAnswers;

/// <summary>Metadata of an endpoint whose answer holds a secret.</summary>
internal sealed record ToldOnce(string Member);

/// <summary>Answers that are not kept, or not whole.</summary>
public static class Telling
{
    /// <summary>This member of the JSON answer is told once: it is not kept for a repeat under the same Idempotency-Key, whose answer lacks it.</summary>
    public static RouteHandlerBuilder TellOnce(this RouteHandlerBuilder endpoint, string member) => endpoint.WithMetadata(new ToldOnce(member));

    /// <summary>This POST changes nothing: under an Idempotency-Key it is answered anew, and nothing of it is kept.</summary>
    public static RouteHandlerBuilder ChangesNothing(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new OnlyAnswers());
}
