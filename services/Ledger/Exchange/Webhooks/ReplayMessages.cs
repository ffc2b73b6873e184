using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary><c>POST /api/v1/agency/replay</c>: sends again what was recorded in a time. Asked for twice, it is the same: every message keeps its id, and one that waits already waits once.</summary>
/// <param name="From">From this moment on, UTC.</param>
/// <param name="To">Before this moment, UTC.</param>
public sealed record ReplayMessages(DateTimeOffset From, DateTimeOffset To);

/// <summary>What is sent again.</summary>
/// <param name="Messages">How many.</param>
public sealed record ReplayReceipt(long Messages);

/// <summary><c>POST /api/v1/agency/deliveries/{id}/replay</c> and <c>POST /api/v1/agency/replay</c>. A message whose grant no longer holds has no body any more and is not sent.</summary>
public static class ReplayMessagesEndpoint
{
    // Its number and so its place among the volunteer's messages stay. One that waits is tried at once, with all its attempts before it.
    private const string Again = "update webhook_deliveries set status = 'pending', attempts = 0, next_at = $2 where agency_id = $1 and body is not null";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/agency/deliveries/{id:guid}/replay", One).RequireAuthorization(Policies.Agency).WithSummary("Send a message again");
        routes.MapPost("/agency/replay", Many)
            .RequireAuthorization(Policies.Agency)
            .WithSummary("Send again what was recorded in a time")
            .WithExample(new ReplayMessages(new DateTimeOffset(2026, 5, 9, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 5, 10, 0, 0, 0, TimeSpan.Zero)));
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> One(Guid id, Caller caller, NpgsqlDataSource database, MessageSignal signal, TimeProvider clock, CancellationToken ct)
    {
        var agency = Agency.IdOf(caller.Subject);
        await using var known = database.CreateCommand("select body is not null from webhook_deliveries where agency_id = $1 and id = $2");
        known.Parameters.Add(new() { Value = agency });
        known.Parameters.Add(new() { Value = id });
        if (await known.ExecuteScalarAsync(ct) is not bool hasBody)
        {
            return TypedResults.NotFound();
        }

        await using var again = database.CreateCommand($"{Again} and id = $3");
        again.Parameters.Add(new() { Value = agency });
        again.Parameters.Add(new() { Value = clock.GetUtcNow() });
        again.Parameters.Add(new() { Value = id });
        if (!hasBody || await again.ExecuteNonQueryAsync(ct) == 0)
        {
            return Refusal.Conflict("grant-ended", "The grant no longer holds, and its messages are not sent any more.").ToProblem();
        }

        signal.Set();
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<ReplayReceipt>, ProblemHttpResult>> Many(
        ReplayMessages command, Caller caller, NpgsqlDataSource database, MessageSignal signal, TimeProvider clock, CancellationToken ct)
    {
        if (command.To <= command.From)
        {
            return Refusal.Invalid("period-reversed", "to", "A period ends after it begins.").ToProblem();
        }

        await using var again = database.CreateCommand($"{Again} and at >= $3 and at < $4");
        again.Parameters.Add(new() { Value = Agency.IdOf(caller.Subject) });
        again.Parameters.Add(new() { Value = clock.GetUtcNow() });
        again.Parameters.Add(new() { Value = command.From.ToUniversalTime() });
        again.Parameters.Add(new() { Value = command.To.ToUniversalTime() });
        var messages = await again.ExecuteNonQueryAsync(ct);
        signal.Set();
        return TypedResults.Ok(new ReplayReceipt(messages));
    }
}
