using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// <c>POST /api/v1/entries/{id}/withdrawal</c>: takes an entry back that is not confirmed: it stays in the book, without counting. Of a confirmed entry it
/// takes the amendment back that waits for a decision.
/// </summary>
/// <param name="Reason">Why, at most 1000 characters.</param>
public sealed record WithdrawEntry(string? Reason = null);

public static class WithdrawEntryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/entries/{id:guid}/withdrawal", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Withdraw an entry")
            .WithExample(new WithdrawEntry("Записал дважды"));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, WithdrawEntry command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct) =>
        OwnEntry.ChangeAsync(id, expected, caller, http, session, entry => Decide(entry, command, clock.GetUtcNow()), ct);

    public static Decision Decide(Entry entry, WithdrawEntry command, DateTimeOffset now) =>
        (entry.Status, Rules.OptionalText("reason", command.Reason, 1000)) switch
        {
            (_, { } broken) => broken,
            (EntryStatus.Withdrawn, _) => Decision.Nothing,
            (EntryStatus.Confirmed, _) when entry.Amendment is { } wish =>
                Decision.Append(new AmendmentWithdrawn(wish.Revision, entry.VolunteerId, Written.Kept(command.Reason), now)),
            (EntryStatus.Confirmed, _) => EntryRefusals.ConfirmedIsAmended,
            (EntryStatus.Rejected, _) => EntryRefusals.Closed,
            _ => Decision.Append(new EntryWithdrawn(
                entry.Status == EntryStatus.Submitted ? entry.Revision : 0, entry.VolunteerId, entry.Facts.OrganisationId,
                Written.Kept(command.Reason), now)),
        };
}
