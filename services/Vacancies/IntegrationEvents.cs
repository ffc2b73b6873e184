using JasperFx.Events;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies;

/// <summary>Which stored events concern others, and what these are told: ids and facts, never an applicant's words or a reason.</summary>
public static class IntegrationEvents
{
    public static object? ToContract(IEvent stored) => stored.Data switch
    {
        VacancyPublished e => new VacancyPublishedV1(stored.StreamId, e.OrganisationId, e.Title, e.TaskType, e.Region, e.Shifts, e.At),
        VacancyClosed e => new VacancyClosedV1(stored.StreamId, e.OrganisationId, e.At),
        ApplicationSubmitted e => new ApplicationSubmittedV1(stored.StreamId, e.VacancyId, e.OrganisationId, e.VolunteerId, e.At),
        ApplicationAccepted e => new ApplicationAcceptedV1(stored.StreamId, e.VacancyId, e.OrganisationId, e.VolunteerId, e.ShiftIds, e.At),
        ApplicationDeclined e => new ApplicationDeclinedV1(stored.StreamId, e.VacancyId, e.OrganisationId, e.VolunteerId, e.At),
        AttendanceRecorded e => new AttendanceRecordedV1(e.AttendanceId, e.VolunteerId, e.VacancyId, stored.StreamId, e.Facts, e.At),
        _ => null,
    };
}
