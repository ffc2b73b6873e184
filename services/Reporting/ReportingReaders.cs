using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Organisations;
using VolunteerBook.Reporting.Volunteers;

namespace VolunteerBook.Reporting;

/// <summary>What Reporting takes from others: hours, and what its figures call organisations and count as volunteers.</summary>
public static class ReportingReaders
{
    public static void Declare(InboxBuilder inbox) => inbox
        .Reader("hours", version: 1, reader => reader
            .On<EntrySubmittedV1>("ledger", WhenEntryChanged.Submitted, told => told.EntryId)
            .On<EntryWithdrawnV1>("ledger", WhenEntryChanged.Withdrawn, told => told.EntryId)
            .On<EntryConfirmedV1>("ledger", WhenEntryChanged.Confirmed, told => told.EntryId)
            .On<EntryDeclinedV1>("ledger", WhenEntryChanged.Declined, told => told.EntryId)
            .On<EntryRevokedV1>("ledger", WhenEntryChanged.Revoked, told => told.EntryId))
        .Reader("organisations", version: 1, reader => reader.On<OrganisationApprovedV1>("profiles", WhenOrganisationApproved.Handle, told => told.OrganisationId))
        .Reader("volunteers", version: 1, reader => reader.On<VolunteerRegisteredV1>("profiles", WhenVolunteerRegistered.Handle, told => told.VolunteerId));
}
