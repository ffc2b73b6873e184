using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// <c>POST /api/v1/entries/{id}/amendments</c>: asks the organisation to change a confirmed entry (N10). What is confirmed stands, with its
/// hours and points, until the organisation has decided. Own words and documents are no organisation's to confirm: a change of these alone is
/// done at once. The body is that of a correction.
/// </summary>
public static class AmendEntryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/entries/{id:guid}/amendments", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireName()
            .RequireVersion()
            .WithSummary("Ask the organisation to change a confirmed entry")
            .WithExample(new CorrectEntry(
                "Забота рядом", "D12", "RU-MOW",
                [new Shift(new DateTime(2026, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 200)], "Ушёл на сорок минут раньше"));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, CorrectEntry command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct) =>
        OwnEntry.ChangeAsync(id, expected, caller, http, session, entry => Decide(entry, command, clock.GetUtcNow()), ct);

    public static Decision Decide(Entry entry, CorrectEntry command, DateTimeOffset now)
    {
        var facts = Standing(entry.Facts, command.FactsFor(entry.Facts.OrganisationId));
        var refusal = Refusal.All(
        [
            // What is confirmed already stands, whatever the rules are by now.
            facts.Equals(entry.Facts)
                ? EntryRules.CheckWords(command.Description, command.Documents)
                : EntryRules.Check(facts, command.Description, command.Documents, now),
            Rules.Text("reason", command.Reason, 1000),
        ]);
        return (entry, refusal) switch
        {
            (_, { } broken) => broken,
            ({ Amendment: not null }, _) => EntryRefusals.UnderDecision,
            ({ Confirmation: not null }, _) when entry.Says(facts, command.Description, EntryRules.Kept(command.Documents)) => EntryRefusals.NothingToAmend,
            ({ Confirmation: not null }, _) when facts.Equals(entry.Facts) =>
                Decision.Append(new EntryDescribed(command.Description, command.Reason, now, EntryRules.Kept(command.Documents))),
            ({ Confirmation: { } standing }, _) => Decision.Append(new EntryAmended(
                entry.Revision + 1, entry.VolunteerId, facts, command.Description, command.Reason,
                standing.Revision, entry.Facts, now, EntryRules.Kept(command.Documents), WordsShown: true)),
            _ => EntryRefusals.NotConfirmed,
        };
    }

    // Blanks at the ends are nobody's to confirm; an earlier version took them.
    private static EntryFacts Standing(EntryFacts confirmed, EntryFacts wished)
    {
        return Trimmed(wished).Equals(Trimmed(confirmed)) ? confirmed : wished;

        static EntryFacts Trimmed(EntryFacts facts) => facts with { Project = facts.Project?.Trim() ?? "", Place = Written.Kept(facts.Place) };
    }
}
