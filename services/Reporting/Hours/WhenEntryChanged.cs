using Marten;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Reporting.Hours;

/// <summary>
/// The ledger's word on an entry reaches the figures. A word holds when it is about a later submission, or a later word about the same one; so any order and any
/// repetition of the words ends in the same state, and a confirmation counts even where its submission was never heard of.
/// </summary>
public static class WhenEntryChanged
{
    public static Task Submitted(EntrySubmittedV1 message, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(message.EntryId, fact => Decide(fact, message), session, ct);

    public static Task Withdrawn(EntryWithdrawnV1 message, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(message.EntryId, fact => Decide(fact, message), session, ct);

    public static Task Confirmed(EntryConfirmedV1 message, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(message.EntryId, fact => Decide(fact, message), session, ct);

    public static Task Declined(EntryDeclinedV1 message, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(message.EntryId, fact => Decide(fact, message), session, ct);

    public static Task Revoked(EntryRevokedV1 message, Received received, IDocumentSession session, CancellationToken ct) =>
        ApplyAsync(message.EntryId, fact => Decide(fact, message), session, ct);

    public static Decision Decide(Fact? fact, EntrySubmittedV1 message) =>
        Decide(fact, message.Revision, FactStatus.Submitted, new HoursSubmitted(message.Revision, message.VolunteerId, message.Facts, message.At));

    public static Decision Decide(Fact? fact, EntryWithdrawnV1 message) =>
        Decide(fact, message.Revision, FactStatus.Withdrawn, new HoursWithdrawn(message.Revision, message.VolunteerId, message.At));

    public static Decision Decide(Fact? fact, EntryConfirmedV1 message) =>
        Decide(fact, message.Revision, FactStatus.Confirmed, new HoursConfirmed(message.Revision, message.VolunteerId, message.Facts, message.At, message.Grade));

    public static Decision Decide(Fact? fact, EntryDeclinedV1 message) =>
        Decide(fact, message.Revision, FactStatus.Declined, new HoursDeclined(message.Revision, message.VolunteerId, message.Returned, message.At));

    public static Decision Decide(Fact? fact, EntryRevokedV1 message) =>
        Decide(fact, message.Revision, FactStatus.Revoked, new HoursRevoked(message.Revision, message.VolunteerId, message.At));

    private static Decision Decide(Fact? fact, int revision, FactStatus status, object changed) =>
        fact is null || fact.IsOvertakenBy(revision, status) ? Decision.Append(changed) : Decision.Nothing;

    private static async Task ApplyAsync(Guid entryId, Func<Fact?, Decision> decide, IDocumentSession session, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Fact>(entryId, ct);
        stream.AppendMany(decide(stream.Aggregate).Events);
    }
}
