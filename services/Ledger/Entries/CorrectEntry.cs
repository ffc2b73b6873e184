using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// <c>POST /api/v1/entries/{id}/corrections</c>: says anew what was done, before it is submitted or after it was returned. The organisation stays.
/// </summary>
/// <param name="Project">Name of the project or event, a line of at most 200 characters.</param>
/// <param name="TaskType">ICNP/TSO code.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Shifts">1 to 100 shifts that are over.</param>
/// <param name="Reason">Why, at most 1000 characters; stays in the history.</param>
/// <param name="Description">Own words, at most 4000 characters.</param>
/// <param name="Level">The volunteer's responsibility.</param>
/// <param name="Place">Where in the region, a line of at most 200 characters.</param>
/// <param name="Volume">How much was done, in a unit of the task.</param>
/// <param name="Documents">At most 20 documents that support it.</param>
public sealed record CorrectEntry(
    string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts, string Reason, string? Description = null,
    ResponsibilityLevel Level = ResponsibilityLevel.Participant, string? Place = null, Volume? Volume = null,
    IReadOnlyList<DocumentReference>? Documents = null)
{
    public EntryFacts FactsFor(Guid organisation) => new(organisation, Project, TaskType, Region, Shifts, Level, Written.Kept(Place), Volume);
}

public static class CorrectEntryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/entries/{id:guid}/corrections", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Correct an entry that is not waiting for a decision")
            .WithExample(new CorrectEntry(
                "Забота рядом", "D12", "RU-MOW",
                [new Shift(new DateTime(2026, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 180)], "Ошибся в часах"));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, CorrectEntry command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct) =>
        OwnEntry.ChangeAsync(id, expected, caller, http, session, entry => Decide(entry, command, clock.GetUtcNow()), ct);

    public static Decision Decide(Entry entry, CorrectEntry command, DateTimeOffset now)
    {
        var facts = command.FactsFor(entry.Facts.OrganisationId);
        var refusal = Refusal.All([EntryRules.Check(facts, command.Description, command.Documents, now), Rules.Text("reason", command.Reason, 1000)]);
        return (entry.Status, refusal) switch
        {
            (_, { } broken) => broken,
            (EntryStatus.Confirmed, _) => EntryRefusals.ConfirmedIsAmended,
            (EntryStatus.Submitted, _) => EntryRefusals.UnderDecision,
            (EntryStatus.Rejected or EntryStatus.Withdrawn, _) => EntryRefusals.Closed,
            _ when entry.Says(facts, command.Description, EntryRules.Kept(command.Documents)) => Decision.Nothing,
            _ => Decision.Append(new EntryCorrected(facts, command.Description, command.Reason, now, EntryRules.Kept(command.Documents))),
        };
    }
}
