using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// <c>GET /api/v1/events/{service}/state</c>: up to where the service's log goes, for those who replay it (<see cref="EventFeed"/>).
/// </summary>
/// <param name="Position">
/// The last <c>sequence</c> that a reader of the whole log gets. Numbers of transactions that were undone are missing below it, and never come.
/// </param>
/// <param name="At">When that event was stored, UTC; null while there is none.</param>
/// <param name="Types">The types of events that may be asked for, in alphabetical order; empty where the service stores none any more.</param>
public sealed record LogState(long Position, DateTimeOffset? At, IReadOnlyList<string> Types);

internal static class GetLogStateEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet($"/events/{routes.ServiceProvider.GetRequiredService<EventSource>().Name}/state", Handle)
            .RequireAuthorization(Policies.Analyst)
            .WithSummary("Up to where the log goes, and the types of its events");

    private static async Task<Ok<LogState>> Handle(
        NpgsqlDataSource database, IDocumentStore store, EventSource source, EventLog log, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select seq_id, timestamp from mt_events where seq_id <= $1 order by seq_id desc limit 1");
        command.Parameters.Add(new() { Value = await log.MarkAsync(ct) });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var any = await reader.ReadAsync(ct);
        return TypedResults.Ok(new LogState(
            any ? reader.GetInt64(0) : 0, any ? reader.GetFieldValue<DateTimeOffset>(1) : null, source.TypesOf(store)));
    }
}
