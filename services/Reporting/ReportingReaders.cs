using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Organisations;
using VolunteerBook.Reporting.Volunteers;

namespace VolunteerBook.Reporting;

/// <summary>
/// What Reporting takes from others: hours, and what its figures call organisations and count as volunteers. Nobody decides anything here, so all of it is
/// tables, made of what others publish. Version 1 of each told itself in events of its own, which older stores still have.
/// </summary>
public static class ReportingReaders
{
    public static void Declare(InboxBuilder inbox) => inbox
        .ReadModel("hours", version: 2, HoursTables.Make, model => model
            .On<EntrySubmittedV1>("ledger", WhenEntryChanged.Submitted, told => told.EntryId)
            .On<EntryWithdrawnV1>("ledger", WhenEntryChanged.Withdrawn, told => told.EntryId)
            .On<EntryConfirmedV1>("ledger", WhenEntryChanged.Confirmed, told => told.EntryId)
            .On<EntryDeclinedV1>("ledger", WhenEntryChanged.Declined, told => told.EntryId)
            .On<EntryRevokedV1>("ledger", WhenEntryChanged.Revoked, told => told.EntryId))
        .ReadModel("organisations", version: 2, OrganisationTables.Make, model => model
            .On<OrganisationApprovedV1>("profiles", OrganisationTables.WhenApproved, told => told.OrganisationId))
        .ReadModel("volunteers", version: 2, VolunteerTables.Make, model => model
            .On<VolunteerRegisteredV1>("profiles", VolunteerTables.WhenRegistered, told => told.VolunteerId));
}
