using Marten;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>The volunteer is told what an organisation decided on their application.</summary>
public static class WhenApplicationIsDecided
{
    public static Task Accepted(ApplicationAcceptedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        session.NotifyAsync([Decided(received.Id, told.VolunteerId, told.OrganisationId, told.ApplicationId, accepted: true, told.At)], ct);

    public static Task Declined(ApplicationDeclinedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        session.NotifyAsync([Decided(received.Id, told.VolunteerId, told.OrganisationId, told.ApplicationId, accepted: false, told.At)], ct);

    private static Notification Decided(Guid happened, Guid volunteer, Guid organisation, Guid application, bool accepted, DateTimeOffset at) =>
        Notification.Of(happened, NotificationKind.ApplicationDecided, volunteer, at, organisation) with { About = application, Outcome = accepted };
}
