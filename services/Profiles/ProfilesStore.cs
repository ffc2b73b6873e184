using JasperFx.Events.Projections;
using Marten;
using Marten.Events.Projections;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.Invitations;
using VolunteerBook.Profiles.Organisations;
using VolunteerBook.Profiles.People;
using VolunteerBook.Profiles.PeopleLists;
using VolunteerBook.Profiles.PersonalData;
using VolunteerBook.Profiles.Volunteers;

namespace VolunteerBook.Profiles;

/// <summary>Profiles as an event store: names of events, projections and their lifecycles.</summary>
public static class ProfilesStore
{
    public static void Configure(StoreOptions options)
    {
        // Stored names are for ever: a class may be renamed, these may not.
        options.Events.MapEventType<VolunteerRegistered>("volunteer_registered");
        options.Events.MapEventType<VolunteerProfileChanged>("volunteer_profile_changed");
        options.Events.MapEventType<OrganisationRegistered>("organisation_registered");
        options.Events.MapEventType<OrganisationRegisteredAgain>("organisation_registered_again");
        options.Events.MapEventType<OrganisationApproved>("organisation_approved");
        options.Events.MapEventType<OrganisationRefused>("organisation_refused");
        options.Events.MapEventType<CoordinatorAppointed>("coordinator_appointed");
        options.Events.MapEventType<CoordinatorRemoved>("coordinator_removed");
        options.Events.MapEventType<SigningKeyRegistered>("signing_key_registered");
        options.Events.MapEventType<SigningKeyRevoked>("signing_key_revoked");

        options.Events.MapEventType<PersonNamed>("person_named");

        // Inline, because a person who registers sees themself at once, and a coordinator reads names of those who have just written.
        options.Snapshot<Volunteer>();

        // Inline: nobody accepts an invitation without a name.
        options.Snapshot<NamedPerson>();

        // Inline, because commands rely on it: who coordinates an organisation is asked before anything else.
        options.Snapshot<Organisation>();

        // Inline, because it is what keeps a key from belonging to two organisations.
        options.Projections.Add<KnownKeys>(ProjectionLifecycle.Inline);
        // Marten does not know of itself what a projection of events inserts.
        options.Schema.For<KnownKey>();

        options.Schema.For<Organisation>()
            .Index(organisation => organisation.SearchKey)
            .Index(organisation => organisation.RegisteredBy)
            .GinIndexJsonData();
        options.Schema.For<Deputy>().Index(deputy => deputy.PersonId);
        options.Schema.For<Acquaintance>().Index(acquaintance => acquaintance.OrganisationId);

        options.AddInvitations();
        options.Schema.For<PeopleList>();
        options.AddPersonKeys();
    }
}
