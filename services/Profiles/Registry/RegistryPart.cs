using JasperFx.Events.Projections;
using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Mail;
using VolunteerBook.Profiles.Registry.Invitations;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles.Registry;

/// <summary>
/// The registry of organisations: who they are, who acts for them and with which keys. Its tables lie in a schema of their own; what it asks of people
/// goes through <see cref="People.INames"/>.
/// </summary>
internal static class RegistryPart
{
    /// <summary>Where its tables lie.</summary>
    public const string Schema = "registry";

    public static void AddRegistry(this WebApplicationBuilder builder)
    {
        builder.AddMail().Services.AddSingleton<KeyStatements>().AddSingleton<IRegistry, RegistryForPeople>();
        builder.AddRetention(Invitations.Invitations.OldAddresses);
        builder.Services.AddMovedTables(Schema, "mt_doc_organisation", "mt_doc_knownkey", "mt_doc_deputy", "mt_doc_invitation", "coordinator_invitations");
    }

    public static void AddRegistry(this StoreOptions options)
    {
        // Stored names are for ever: a class may be renamed, these may not.
        options.Events.MapEventType<OrganisationRegistered>("organisation_registered");
        options.Events.MapEventType<OrganisationRegisteredAgain>("organisation_registered_again");
        options.Events.MapEventType<OrganisationApproved>("organisation_approved");
        options.Events.MapEventType<OrganisationRefused>("organisation_refused");
        options.Events.MapEventType<OrganisationSuspended>("organisation_suspended");
        options.Events.MapEventType<OrganisationReinstated>("organisation_reinstated");
        options.Events.MapEventType<OrganisationCorrected>("organisation_corrected");
        options.Events.MapEventType<CoordinatorAppointed>("coordinator_appointed");
        options.Events.MapEventType<CoordinatorRemoved>("coordinator_removed");
        options.Events.MapEventType<SigningKeyRegistered>("signing_key_registered");
        options.Events.MapEventType<SigningKeyRevoked>("signing_key_revoked");

        // Inline, because commands rely on it: who coordinates an organisation is asked before anything else.
        options.Snapshot<Organisation>();

        // Inline, because it is what keeps a key from belonging to two organisations.
        options.Projections.Add<KnownKeys>(ProjectionLifecycle.Inline);
        // Marten does not know of itself what a projection of events inserts.
        options.Schema.For<KnownKey>().DatabaseSchemaName(Schema);

        options.Schema.For<Organisation>().DatabaseSchemaName(Schema)
            .Index(organisation => organisation.SearchKey)
            .Index(organisation => organisation.RegisteredBy)
            .GinIndexJsonData();
        options.Schema.For<Deputy>().DatabaseSchemaName(Schema).Index(deputy => deputy.PersonId).Index(deputy => deputy.OrganisationId);

        options.AddInvitations();
    }
}
