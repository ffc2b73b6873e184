using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>
/// <c>POST /api/v1/agency/replay</c>: sends again what was recorded in a time. Asked for twice, it is the same: every message keeps its
/// id, and one that waits already waits once.
/// </summary>
/// <param name="From">From this moment on, UTC.</param>
/// <param name="To">Before this moment, UTC.</param>
public sealed record ReplayMessages(DateTimeOffset From, DateTimeOffset To);

/// <summary>What is sent again.</summary>
/// <param name="Messages">How many.</param>
public sealed record ReplayReceipt(long Messages);

/// <summary>
/// <c>POST /api/v1/agency/deliveries/{id}/replay</c> and <c>POST /api/v1/agency/replay</c>. A message whose grant no longer
/// holds has no body any more and is not sent.
/// </summary>
public static class ReplayMessagesEndpoint
{
    // Its number and so its place among the volunteer's messages stay. One that waits is tried at once, with all its attempts before it.
    private const string Again = "update webhook_deliveries set status = 'pending', attempts = 0, next_at = ? where agency_id = ? and body is not null";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/agency/deliveries/{id:guid}/replay", One).RequireAuthorization(Policies.Agency).WithSummary("Send a message again");
        routes.MapPost("/agency/replay", Many)
            .RequireAuthorization(Policies.Agency)
            .WithSummary("Send again the messages recorded in a period")
            .WithExample(new ReplayMessages(new DateTimeOffset(2026, 5, 9, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 5, 10, 0, 0, 0, TimeSpan.Zero)));
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> One(
        Guid id, Caller caller, IDocumentSession session, NpgsqlDataSource database, MessageSignal signal, TimeProvider clock, CancellationToken ct)
    {
        var agency = Agency.IdOf(caller.Subject);
        await using var known = database.CreateCommand("select body is not null from webhook_deliveries where agency_id = $1 and id = $2");
        known.Parameters.Add(new() { Value = agency });
        known.Parameters.Add(new() { Value = id });
        if (await known.ExecuteScalarAsync(ct) is not bool hasBody)
        {
            return TypedResults.NotFound();
        }

        if (!hasBody)
        {
            return Refusal.Conflict("grant-ended", "The grant is no longer in force, and its messages are no longer sent.").ToProblem();
        }

        session.QueueSqlCommand($"{Again} and id = ?", clock.GetUtcNow(), agency, id);
        await session.SaveChangesAsync(ct);
        signal.Set();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ReplayReceipt>, ProblemHttpResult>> Many(
        ReplayMessages command, Caller caller, IDocumentSession session,
        NpgsqlDataSource database, MessageSignal signal, TimeProvider clock, CancellationToken ct)
    {
        if (command.To <= command.From)
        {
            return Refusal.Invalid("period-reversed", "to", "A period must end after it begins.").ToProblem();
        }

        var (agency, from, to) = (Agency.IdOf(caller.Subject), command.From.ToUniversalTime(), command.To.ToUniversalTime());
        await using var known = database.CreateCommand(
            "select count(*) from webhook_deliveries where agency_id = $1 and body is not null and at >= $2 and at < $3");
        known.Parameters.Add(new() { Value = agency });
        known.Parameters.Add(new() { Value = from });
        known.Parameters.Add(new() { Value = to });
        var messages = (long)(await known.ExecuteScalarAsync(ct))!;
        session.QueueSqlCommand($"{Again} and at >= ? and at < ?", clock.GetUtcNow(), agency, from, to);
        await session.SaveChangesAsync(ct);
        signal.Set();
        return TypedResults.Ok(new ReplayReceipt(messages));
    }
}
