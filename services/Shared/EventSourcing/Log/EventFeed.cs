using System.Buffers;
using System.Data;
using System.IO.Pipelines;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// <c>GET /api/v1/events/{service}?after=&amp;types=&amp;stream=&amp;from=&amp;to=</c>: the log as newline-delimited CloudEvents 1.0 (JSON format), in log
/// order. <c>after</c> is the <c>sequence</c> of the last event that the reader has; to resume, send it again. Rows go from PostgreSQL to the wire page by
/// page, up to where the log stood at the start: memory does not grow with the length, and no transaction is as long as the reader takes. What may hold
/// personal data or free text is left out (see <see cref="Told"/>).
/// </summary>
internal static class EventFeed
{
    private const int PageSize = 1000;

    // However rare what is asked for is, no statement looks through more of the log.
    private const int MostPositions = 20_000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        var source = routes.ServiceProvider.GetRequiredService<EventSource>();
        routes.MapGet($"/events/{source.Name}", Handle)
            .RequireAuthorization(Policies.Analyst)
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson")
            .WithSummary("The log as newline-delimited CloudEvents, in log order");
    }

    private static async Task Handle(
        HttpContext http, NpgsqlDataSource database, IDocumentStore store, EventSource source, EventLog log, CancellationToken ct,
        long after = 0, string? types = null, Guid? stream = null, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        var wanted = types?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (Check(wanted ?? [], store, source) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        http.Response.ContentType = "application/x-ndjson";
        // Beyond the mark a transaction that is still open could yet put an event before one that was already read.
        var last = await log.MarkAsync(ct);
        var told = new Told(source.Told);
        var asked = new Asked(
            wanted is [] ? null : wanted, stream, from?.ToUniversalTime(), to?.ToUniversalTime());
        after = Math.Max(after, 0);
        while (after < last)
        {
            after = await WritePageAsync(http.Response.BodyWriter, database, source, told, after, Math.Min(after + MostPositions, last), asked, ct);
            // No query is open here: a reader that is slow, or does not read at all, keeps nothing of the database.
            await http.Response.BodyWriter.FlushAsync(ct);
        }
    }

    // Misspelt, a type would look as if nothing of it had happened.
    private static Refusal? Check(string[] wanted, IDocumentStore store, EventSource source) => !source.Publishes ? null
        : wanted.Except(source.TypesOf(store)).Select(type => Refusal.Unknown("event type", type, "types")).FirstOrDefault();

    /// <summary>Writes a page at most of what is asked for between two positions, and says up to which position that was all.</summary>
    private static async Task<long> WritePageAsync(
        PipeWriter output, NpgsqlDataSource database, EventSource source, Told told, long after, long upTo, Asked asked, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = source.Name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = after, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = upTo, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)asked.Types ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)asked.Stream ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = (object?)asked.From ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = (object?)asked.To ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = PageSize });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct);
        var written = 0;
        for (; await reader.ReadAsync(ct); written++)
        {
            after = reader.GetInt64(0);
            output.Write(reader.GetFieldValue<byte[]>(1));
            told.Write(output, reader.GetFieldValue<byte[]>(2));
            output.Write("}\n"u8);
        }

        return written == PageSize ? after : upTo;
    }

    private sealed record Asked(string[]? Types, Guid? Stream, DateTimeOffset? From, DateTimeOffset? To);

    private const string Sql =
        """
        select e.seq_id, convert_to('{"specversion":"1.0","id":"' || e.id || '","source":"/' || $1 || '","type":"' || e.type || '","subject":"' || e.stream_id
            || '","time":"' || to_char(e.timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","sequence":"' || e.seq_id
                || '","streamversion":' || e.version
            || ',"by":' || coalesce(to_json(e.user_name)::text, 'null') || ',"correlationid":' || coalesce(to_json(e.correlation_id)::text, 'null')
            || ',"datacontenttype":"application/json","data":', 'UTF8'), convert_to(e.data::text, 'UTF8')
        from mt_events e
        where e.seq_id > $2 and e.seq_id <= $3
          and ($4::text[] is null or e.type = any($4))
          and ($5::uuid is null or e.stream_id = $5)
          and ($6::timestamptz is null or e.timestamp >= $6)
          and ($7::timestamptz is null or e.timestamp < $7)
        order by e.seq_id
        limit $8
        """;
}
