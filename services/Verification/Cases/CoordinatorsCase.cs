using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

/// <summary>A coordinator's decision on a case of one's own organisation: foreign and absent look the same.</summary>
public static class CoordinatorsCase
{
    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DecideAsync(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, DateTimeOffset now,
        Func<Case, Organisation, Decision> decide, CancellationToken ct) =>
        await DecideAsync(id, expected, caller, http, session, now, (found, organisation) => Task.FromResult(decide(found, organisation)), ct);

    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> DecideAsync(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, DateTimeOffset now,
        Func<Case, Organisation, Task<Decision>> decide, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Case>(id, ct);
        if (stream.Aggregate is not { } found
            || await session.LoadAsync<Organisation>(found.OrganisationId, ct) is not { } organisation
            || !organisation.IsCoordinator(caller.Id, now))
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = organisation.RefusesToEvidence(found.VolunteerId, caller.Id, now) is { } forbidden ? forbidden : await decide(found, organisation);
        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return decision.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    /// <summary>The refusal of what a deputy sees and may not do.</summary>
    public static Refusal NotForDeputies { get; } = new(
        "not-for-deputies", StatusCodes.Status403Forbidden, "Only an appointed coordinator may do this, not a deputy.");

    /// <summary>The refusal to confirm these facts now, whoever would and in whatever way; null where they can be.</summary>
    public static Refusal? Unconfirmable(EntryFacts facts, DateTimeOffset now) =>
        facts.Shifts.All(shift => shift.IsOver(now)) ? null : Refusal.Conflict("work-not-over", "Work can be confirmed only once it is over.");

    /// <summary>The refusal of a decision on a case that is no longer open.</summary>
    public static Refusal NotOpen { get; } = Refusal.Conflict("case-not-open", "This case has already been decided or cancelled.");
}
