using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Idempotency-Key on every POST (IETF draft-ietf-httpapi-idempotency-key-header): what the request brings about and its answer are stored in one transaction,
/// so that the effect and the memory of it are one. A repeat gets the stored answer; another body under the same key is 422. An answer without effect is not
/// kept: what it refused may be mended and sent again. A refusal that went on record is kept with the record. The transaction lasts from the save to the
/// answer; a repeat of what is still under way waits in memory, and where another process has it, is 409.
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
        if (key.Length == 0 && http.Request.Headers.ContainsKey(Header))
        {
            throw new RefusedException(Refusal.Invalid("malformed-value", Header, "The Idempotency-Key must have 1 to 200 characters."));
        }

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

        throw new RefusedException(
            Refusal.Conflict("request-under-way", "A request with this Idempotency-Key is still being processed; try again shortly.") with { Field = Header });
    }
}
