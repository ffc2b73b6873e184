using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.Names;
using VolunteerBook.Profiles.People.Notifications;
using VolunteerBook.Profiles.People.PeopleLists;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.People.Volunteers;

namespace VolunteerBook.Profiles.People;

/// <summary>
/// People: volunteers, others who have a name, and who may know it. Its tables lie in a schema of their own; what it asks of the registry goes
/// through <see cref="Registry.IRegistry"/>.
/// </summary>
internal static class PeoplePart
{
    /// <summary>Where its tables lie, but for the keys, which a backup can leave out (<see cref="PersonKeys"/>).</summary>
    public const string Schema = "people";

    public static void AddPeople(this WebApplicationBuilder builder)
    {
        builder.AddPersonalData();
        builder.Services.AddSingleton<INames, NamesForRegistry>().AddSingleton<IWhileLeading, EndPeopleLists>();
        builder.Services.AddSingleton<NotificationSignals>().AddHostedService(provider => provider.GetRequiredService<NotificationSignals>())
            .AddSingleton<UnsubscribeLinks>().AddSingleton<IWhileLeading, TellOfEndingKeys>().AddSingleton<IWhileLeading, MailNotifications>();
        builder.AddRetention(Notifications.Notifications.Read).AddRetention(Notifications.Notifications.Unread);
        builder.Services.AddMovedTables(Schema, "mt_doc_volunteer", "mt_doc_namedperson", "mt_doc_acquaintance", "mt_doc_peoplelist");
    }

    public static void AddPeople(this StoreOptions options)
    {
        // Stored names are for ever: a class may be renamed, these may not.
        options.Events.MapEventType<VolunteerRegistered>("volunteer_registered");
        options.Events.MapEventType<VolunteerProfileChanged>("volunteer_profile_changed");
        options.Events.MapEventType<ConsentGiven>("consent_given");
        options.Events.MapEventType<PersonNamed>("person_named");

        // Inline, because a person who registers sees themself at once, and a coordinator reads names of those who have just written.
        options.Snapshot<Volunteer>();
        options.Schema.For<Volunteer>().DatabaseSchemaName(Schema);

        // Inline: nobody accepts an invitation without a name.
        options.Snapshot<NamedPerson>();
        options.Schema.For<NamedPerson>().DatabaseSchemaName(Schema);

        options.Schema.For<Acquaintance>().DatabaseSchemaName(Schema).Index(acquaintance => acquaintance.OrganisationId);
        options.Schema.For<PeopleList>().DatabaseSchemaName(Schema);
        options.AddNotifications();
        options.AddPersonKeys();
    }
}
