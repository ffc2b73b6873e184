using JasperFx.Events;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Profiles.People.Names;
using VolunteerBook.Profiles.People.Notifications;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Profiles.Registry.Invitations;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles;

/// <summary>What of the log concerns others, and in which words. Never personal data.</summary>
public static class IntegrationEvents
{
    /// <summary>The contract of a stored event; null where it stays inside.</summary>
    public static object? ToContract(IEvent stored) => stored.Data switch
    {
        VolunteerRegistered e => new VolunteerRegisteredV1(e.VolunteerId, e.Region, e.At),
        VolunteerProfileChanged or ConsentGiven or PersonNamed or NotificationSettingsChanged => null,
        ColleagueInvited or InvitationAccepted or InvitationWithdrawn => null,
        OrganisationRegistered or OrganisationRegisteredAgain or OrganisationRefused => null,
        OrganisationApproved e => new OrganisationApprovedV1(e.OrganisationId, e.Name, e.Region, stored.Version, e.At),
        // What it is called and where it is, said anew: whoever keeps these takes the latest.
        OrganisationCorrected e => new OrganisationApprovedV1(e.OrganisationId, e.Name, e.Region, stored.Version, e.At),
        OrganisationSuspended e => new OrganisationSuspendedV1(e.OrganisationId, stored.Version, e.At),
        OrganisationReinstated e => new OrganisationReinstatedV1(e.OrganisationId, stored.Version, e.At),
        CoordinatorAppointed e => new CoordinatorAppointedV1(e.OrganisationId, e.PersonId, e.From, e.Until, stored.Version, e.At),
        CoordinatorRemoved e => new CoordinatorRemovedV1(e.OrganisationId, e.PersonId, stored.Version, e.At),
        SigningKeyRegistered e => new SigningKeyRegisteredV1(e.OrganisationId, e.Kid, e.X, e.Y, e.ValidFrom, e.ValidUntil, stored.Version, e.At, e.Certificate),
        SigningKeyRevoked e => new SigningKeyRevokedV1(e.OrganisationId, e.Kid, stored.Version, e.At),
        _ => throw new InvalidOperationException($"Nothing says whether {stored.EventTypeName} is published."),
    };
}
