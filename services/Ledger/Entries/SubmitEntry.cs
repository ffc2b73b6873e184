using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary><c>POST /api/v1/entries/{id}/submission</c>: asks the organisation to confirm.</summary>
public static class SubmitEntryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/entries/{id:guid}/submission", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireName()
            .RequireVersion()
            .WithSummary("Ask the organisation to confirm an entry");

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct) =>
        OwnEntry.ChangeAsync(id, expected, caller, http, session, entry => Decide(entry, clock.GetUtcNow()), ct);

    public static Decision Decide(Entry entry, DateTimeOffset now) => entry.Status switch
    {
        // An earlier version took drafts of work that was under way, and words that documents cannot write.
        EntryStatus.Draft or EntryStatus.Returned or EntryStatus.Revoked when EntryRules.CheckAgain(entry, now) is { } broken => broken,
        EntryStatus.Draft or EntryStatus.Returned or EntryStatus.Revoked =>
            Decision.Append(new EntrySubmitted(entry.Revision + 1, entry.VolunteerId, entry.Facts, now, WordsShown: true)),
        EntryStatus.Submitted => Decision.Nothing,
        EntryStatus.Confirmed => EntryRefusals.ConfirmedIsAmended,
        _ => EntryRefusals.Closed,
    };
}
