using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Idempotency-Key on every POST (IETF draft-ietf-httpapi-idempotency-key-header): the request's session rides on a transaction opened here, and the answer is
/// stored in it, so that the effect and the memory of it are one. A repeat gets the stored answer; another body under the same key is 422.
/// A refusal without effect is not kept: what it refused may be mended and sent again. One that went on record is kept with the record.
/// </summary>
internal sealed class Idempotency(RequestDelegate next)
{
    private const string Header = "Idempotency-Key";
    private static readonly string[] KeptHeaders = ["Content-Type", "ETag", "Location"];

    public async Task InvokeAsync(HttpContext http, NpgsqlDataSource database, RequestTransaction request, StoreSignals signals)
    {
        var key = http.Request.Headers[Header].ToString();
        if (!HttpMethods.IsPost(http.Request.Method) || key.Length == 0)
        {
            await next(http);
            return;
        }

        if (key.Length > 200)
        {
            throw new RefusedException(Refusal.Invalid("idempotency-key-too-long", Header, "An Idempotency-Key has at most 200 characters."));
        }

        var ct = http.RequestAborted;
        var caller = new Caller(http.User).Subject;
        var hash = await HashAsync(http.Request, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Two requests with one key, at the same time: the second waits here, then finds the first's answer.
        await ExecuteAsync(transaction, "select pg_advisory_xact_lock(hashtextextended($1, 0))", ct, $"{caller}\n{key}");
        if (await FindAsync(transaction, caller, key, ct) is { } stored)
        {
            if (!CryptographicOperations.FixedTimeEquals(stored.RequestHash, hash))
            {
                throw new RefusedException(new Refusal("idempotency-key-reused", StatusCodes.Status422UnprocessableEntity, "This Idempotency-Key was used for another request.", Header));
            }

            await stored.WriteAsync(http.Response, ct);
            return;
        }

        request.Current = transaction;
        var body = http.Response.Body;
        using var captured = new MemoryStream();
        http.Response.Body = captured;
        try
        {
            await next(http);
        }
        finally
        {
            http.Response.Body = body;
        }

        if (request.HasEffect || http.Response.StatusCode is >= 200 and < 300)
        {
            var headers = KeptHeaders.Where(name => http.Response.Headers.ContainsKey(name)).ToDictionary(name => name, name => http.Response.Headers[name].ToString());
            await ExecuteAsync(transaction,
                "insert into idempotent_requests (caller, key, request_hash, status, headers, body) values ($1, $2, $3, $4, $5::jsonb, $6)",
                ct, caller, key, hash, http.Response.StatusCode, JsonSerializer.Serialize(headers), Kept(http, captured.ToArray()));
            await transaction.CommitAsync(CancellationToken.None);
            signals.Appended();
        }

        captured.Position = 0;
        await captured.CopyToAsync(body, ct);
    }

    private static byte[] Kept(HttpContext http, byte[] answer)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ToldOnce>() is not { } secret || JsonNode.Parse(answer) is not JsonObject body)
        {
            return answer;
        }

        body.Remove(secret.Member);
        return JsonSerializer.SerializeToUtf8Bytes(body, Json.Options);
    }

    private static async Task<byte[]> HashAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        request.EnableBuffering();
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(Encoding.UTF8.GetBytes($"{request.Method} {request.Path}{request.QueryString}\nIf-Match: {request.Headers.IfMatch}\n"));
        var buffer = new byte[8192];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            sha.AppendData(buffer.AsSpan(0, read));
        }

        request.Body.Position = 0;
        return sha.GetHashAndReset();
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, CancellationToken ct, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<Answer?> FindAsync(NpgsqlTransaction transaction, string caller, string key, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select request_hash, status, headers, body from idempotent_requests where caller = $1 and key = $2", transaction.Connection, transaction);
        command.Parameters.Add(new() { Value = caller });
        command.Parameters.Add(new() { Value = key });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? new Answer(
                reader.GetFieldValue<byte[]>(0),
                reader.GetInt32(1),
                JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2))!,
                reader.GetFieldValue<byte[]>(3))
            : null;
    }

    private sealed record Answer(byte[] RequestHash, int Status, Dictionary<string, string> Headers, byte[] Body)
    {
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
    }
}

/// <summary>Metadata of an endpoint whose answer holds a secret.</summary>
internal sealed record ToldOnce(string Member);

/// <summary>Answers that are not kept whole.</summary>
public static class Telling
{
    /// <summary>This member of the JSON answer is told once: it is not kept for a repeat under the same Idempotency-Key, whose answer lacks it.</summary>
    public static RouteHandlerBuilder TellOnce(this RouteHandlerBuilder endpoint, string member) => endpoint.WithMetadata(new ToldOnce(member));
}
