using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Organisations;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies;

/// <summary>What Vacancies stores: events under names that are for ever, and the projections with their lifecycles.</summary>
public static class VacanciesStore
{
    public static void Configure(StoreOptions options)
    {
        options.Events.MapEventType<OrganisationApproved>("organisation_approved");
        options.Events.MapEventType<OrganisationSuspended>("organisation_suspended");
        options.Events.MapEventType<OrganisationReinstated>("organisation_reinstated");
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
        options.Columns<Coordination>(notNull: false, coordination => coordination.SearchName);

        // Inline: places are given on it, and who has just published reads it back in the list.
        options.Snapshot<Vacancy>();
        options.Columns<Vacancy>(
            notNull: false,
            vacancy => vacancy.Status,
            vacancy => vacancy.Region,
            vacancy => vacancy.TaskType,
            vacancy => vacancy.OrganisationId,
            vacancy => vacancy.PublishedAt,
            vacancy => vacancy.SearchText);
        options.Schema.For<Vacancy>()
            .Index(vacancy => new { vacancy.Status, vacancy.PublishedAt, vacancy.Id })
            .Index(vacancy => new { vacancy.OrganisationId, vacancy.PublishedAt, vacancy.Id });

        // Inline: commands decide on it, and both sides read it back at once.
        options.Snapshot<Application>();
        options.Columns<Application>(
            notNull: false,
            application => application.VolunteerId,
            application => application.VacancyId,
            application => application.Status,
            application => application.SubmittedAt);
        options.Schema.For<Application>()
            .Index(application => new { application.VolunteerId, application.SubmittedAt, application.Id })
            .Index(application => new { application.VacancyId, application.SubmittedAt, application.Id });
    }
}
