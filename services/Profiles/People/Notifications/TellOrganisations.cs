using System.Globalization;
using Marten;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.Registry;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>Those who decide for an organisation, coordinators and their deputies as they are now, are told what concerns it.</summary>
internal sealed class TellOrganisations(IRegistry registry)
{
    /// <summary>Of those that became late on one day (UTC) each person has one notification, which counts them.</summary>
    public Task CasesLate(CaseEscalatedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        TellAsync(session, told.OrganisationId, received.At, person => Late(told, person), ct);

    public Task InquiryAnswered(InquiryAnsweredV1 told, Received received, IDocumentSession session, CancellationToken ct) => TellAsync(
        session, told.OrganisationId, received.At,
        person => Notification.Of(received.Id, NotificationKind.InquiryAnswered, person, told.At, told.OrganisationId) with
        {
            About = told.CaseId,
            Outcome = told.Confirms,
        }, ct);

    /// <summary>Who registered it is told, and is its coordinator from then on.</summary>
    public async Task Approved(Guid organisation, Received received, IDocumentSession session, CancellationToken ct)
    {
        if (await registry.RegisteredByAsync(session, organisation, ct) is { } person)
        {
            await session.NotifyAsync(
                [Notification.Of(received.Id, NotificationKind.OrganisationApproved, person, received.At, organisation)], ct);
        }
    }

    /// <summary>That it was suspended, or is so no longer.</summary>
    public Task Suspended(bool suspended, Received received, IDocumentSession session, CancellationToken ct) => TellAsync(
        session, received.Stream, received.At,
        person => Notification.Of(received.Id, NotificationKind.OrganisationSuspended, person, received.At, received.Stream) with { Outcome = suspended }, ct);

    /// <summary>Pure.</summary>
    public static Notification Late(CaseEscalatedV1 told, Guid person) => Notification.Of(
        Uuid.V5(told.OrganisationId, told.At.UtcDateTime.ToString("'late/'yyyy-MM-dd", CultureInfo.InvariantCulture)), NotificationKind.CasesLate, person,
        told.At, told.OrganisationId) with
    {
        Number = 1,
    };

    private async Task TellAsync(IDocumentSession session, Guid organisation, DateTimeOffset now, Func<Guid, Notification> tell, CancellationToken ct) =>
        await session.NotifyAsync([.. (await registry.DecidersAsync(session, organisation, now, ct)).Select(tell)], ct);
}
