using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Organisations;
using VolunteerBook.Vacancies.Vacancies;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.Vacancies;

/// <summary>What Vacancies stores: events under names that are for ever, and the projections with their lifecycles.</summary>
public static class VacanciesStore
{
    public static void Configure(StoreOptions options)
    {
        options.Events.MapEventType<OrganisationApproved>("organisation_approved");
        options.Events.MapEventType<CoordinatorAppointed>("coordinator_appointed");
        options.Events.MapEventType<CoordinatorRemoved>("coordinator_removed");
        options.Events.MapEventType<VacancyPublished>("vacancy_published");
        options.Events.MapEventType<VacancyClosed>("vacancy_closed");
        options.Events.MapEventType<PlacesTaken>("places_taken");
        options.Events.MapEventType<PlacesFreed>("places_freed");
        options.Events.MapEventType<ApplicationSubmitted>("application_submitted");
        options.Events.MapEventType<ApplicationWithdrawn>("application_withdrawn");
        options.Events.MapEventType<ApplicationAccepted>("application_accepted");
        options.Events.MapEventType<ApplicationDeclined>("application_declined");
        options.Events.MapEventType<AttendanceRecorded>("attendance_recorded");

        // Inline: who may act is decided on it, and a coordinator removed is out from the moment that it is known here.
        options.Snapshot<Coordination>();
        options.Schema.For<Coordination>().Duplicate(coordination => coordination.SearchName, configure: index => index.Method = IndexMethod.hash);

        // Inline: places are given on it, and who has just published reads it back in the list.
        options.Snapshot<Vacancy>();
        options.Schema.For<Vacancy>()
            .Duplicate(vacancy => vacancy.Status)
            .Duplicate(vacancy => vacancy.Region)
            .Duplicate(vacancy => vacancy.TaskType)
            .Duplicate(vacancy => vacancy.OrganisationId)
            .Duplicate(vacancy => vacancy.PublishedAt)
            // Marten puts an index on every column of its own. A search for parts of a text reads the column and no index; of all kinds hash is the one that no
            // length of a text can break.
            .Duplicate(vacancy => vacancy.SearchText, configure: index => index.Method = IndexMethod.hash);

        // Inline: commands decide on it, and both sides read it back at once.
        options.Snapshot<Application>();
        options.Schema.For<Application>()
            .Duplicate(application => application.VolunteerId)
            .Duplicate(application => application.VacancyId)
            .Duplicate(application => application.Status)
            .Duplicate(application => application.SubmittedAt);
    }
}
