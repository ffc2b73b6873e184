using Marten;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>Volunteers are told of work in a signed attendance sheet that is not in their book yet: one notification for a sheet.</summary>
public static class WhenWorkIsProposed
{
    public static Task Handle(WorkProposedV1 told, Received received, IDocumentSession session, CancellationToken ct) => session.NotifyAsync(
    [
        .. told.Volunteers.Select(one => Notification.Of(received.Id, NotificationKind.WorkProposed, one.VolunteerId, told.At, told.OrganisationId) with
        {
            About = told.SheetId,
            Number = one.Shifts,
            Minutes = one.Minutes,
        }),
    ], ct);
}
