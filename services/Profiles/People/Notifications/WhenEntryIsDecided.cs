using Marten;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>The volunteer is told what an organisation decided on their entry, as it stands in the book.</summary>
public static class WhenEntryIsDecided
{
    public static Task Confirmed(EntryConfirmedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        session.NotifyAsync([Decide(told, received.Id)], ct);

    public static Task Declined(EntryDeclinedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        session.NotifyAsync(
            [Declined(received.Id, told.Returned, told.VolunteerId, told.At, told.OrganisationId, told.EntryId, told.Minutes)], ct);

    public static Task AmendmentDeclined(AmendmentDeclinedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        session.NotifyAsync(
            [Declined(received.Id, told.Returned, told.VolunteerId, told.At, told.OrganisationId, told.EntryId, told.Minutes)], ct);

    public static Task Revoked(EntryRevokedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        session.NotifyAsync(
        [
            Notification.Of(received.Id, NotificationKind.EntryRevoked, told.VolunteerId, told.At, told.OrganisationId) with
            {
                About = told.EntryId,
                Minutes = told.Minutes,
            },
        ], ct);

    /// <summary>Pure.</summary>
    public static Notification Decide(EntryConfirmedV1 told, Guid happened) => Notification.Of(
        happened, told.ClaimedMinutes is null ? NotificationKind.EntryConfirmed : NotificationKind.EntryPartlyConfirmed, told.VolunteerId, told.At,
        told.Facts.OrganisationId) with
    {
        About = told.EntryId,
        Minutes = told.Facts.Minutes(),
        Claimed = told.ClaimedMinutes,
    };

    private static Notification Declined(Guid happened, bool returned, Guid volunteer, DateTimeOffset at, Guid? organisation, Guid entry, int? minutes) =>
        Notification.Of(happened, returned ? NotificationKind.EntryReturned : NotificationKind.EntryRejected, volunteer, at, organisation) with
        {
            About = entry,
            Minutes = minutes,
        };
}
