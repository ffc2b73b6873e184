using System.Buffers;
using System.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// <c>GET /api/v1/events/{service}?after=&amp;types=&amp;stream=&amp;from=&amp;to=</c>: the log as newline-delimited CloudEvents 1.0 (JSON format), in log order.
/// <c>after</c> is the <c>sequence</c> of the last event that the reader has; to resume, send it again. Rows go from PostgreSQL to the wire as they are read:
/// memory does not grow with the length. Properties that hold personal data or free text are left out.
/// </summary>
internal static class EventFeed
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var source = routes.ServiceProvider.GetRequiredService<EventSource>();
        routes.MapGet($"/events/{source.Name}", Handle)
            .RequireAuthorization(Policies.Analyst)
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson")
            .WithSummary("The log as newline-delimited CloudEvents, in log order");
    }

    private static async Task Handle(
        HttpContext http, NpgsqlDataSource database, EventSource source, CancellationToken ct,
        long after = 0, string? types = null, Guid? stream = null, DateTimeOffset? from = null, DateTimeOffset? to = null)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.Add(new() { Value = source.Name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = source.Withheld, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = after, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = (object?)types?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)stream ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = (object?)from?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = (object?)to?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, ct);

        http.Response.ContentType = "application/x-ndjson";
        var output = http.Response.BodyWriter;
        while (await reader.ReadAsync(ct))
        {
            output.Write(reader.GetFieldValue<byte[]>(0));
            output.Write("\n"u8);
            if (output.UnflushedBytes > 32 * 1024)
            {
                await output.FlushAsync(ct);
            }
        }

        await output.FlushAsync(ct);
    }

    // Up to the daemon's high-water mark: beyond it a transaction that is still open could yet put an event before one that was already read.
    private const string Sql =
        """
        select convert_to('{"specversion":"1.0","id":"' || e.id || '","source":"/' || $1 || '","type":"' || e.type || '","subject":"' || e.stream_id
            || '","time":"' || to_char(e.timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","sequence":"' || e.seq_id || '","streamversion":' || e.version
            || ',"by":' || coalesce(to_json(e.user_name)::text, 'null') || ',"correlationid":' || coalesce(to_json(e.correlation_id)::text, 'null')
            || ',"datacontenttype":"application/json","data":' || (e.data - $2)::text || '}', 'UTF8')
        from mt_events e
        where e.seq_id > $3
          and e.seq_id <= (select last_seq_id from mt_event_progression where name = 'HighWaterMark')
          and ($4::text[] is null or e.type = any($4))
          and ($5::uuid is null or e.stream_id = $5)
          and ($6::timestamptz is null or e.timestamp >= $6)
          and ($7::timestamptz is null or e.timestamp < $7)
        order by e.seq_id
        """;
}
