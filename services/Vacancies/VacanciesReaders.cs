using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;
using VolunteerBook.Vacancies.Organisations;

namespace VolunteerBook.Vacancies;

/// <summary>What Vacancies takes from others: who may act for an organisation.</summary>
public static class VacanciesReaders
{
    public static void Declare(InboxBuilder inbox) => inbox
        .Reader("organisations", version: 1, reader => reader
            .On<OrganisationApprovedV1>("profiles", WhenOrganisationChanged.Approved, told => told.OrganisationId)
            .On<CoordinatorAppointedV1>("profiles", WhenOrganisationChanged.Appointed, told => told.OrganisationId)
            .On<CoordinatorRemovedV1>("profiles", WhenOrganisationChanged.Removed, told => told.OrganisationId))
        .Reader("suspensions", version: 1, reader => reader
            .On<OrganisationSuspendedV1>("profiles", WhenOrganisationChanged.Suspended, told => told.OrganisationId)
            .On<OrganisationReinstatedV1>("profiles", WhenOrganisationChanged.Reinstated, told => told.OrganisationId));
}
