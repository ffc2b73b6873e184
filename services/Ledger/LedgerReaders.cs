using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger;

/// <summary>What the ledger takes from others: decisions on its entries, and attendance that becomes one.</summary>
public static class LedgerReaders
{
    public static void Declare(InboxBuilder inbox) => inbox
        .Reader("decisions", version: 1, reader => reader
            .On<CaseConfirmedV1>("verification", WhenCaseDecided.Confirmed, told => told.EntryId)
            .On<CaseMatchedV1>("verification", WhenCaseDecided.Matched, told => told.EntryId)
            .On<CaseSettledV1>("verification", WhenCaseDecided.Settled, told => told.EntryId)
            .On<CaseRejectedV1>("verification", WhenCaseDecided.Rejected, told => told.EntryId)
            .On<CaseReturnedV1>("verification", WhenCaseDecided.Returned, told => told.EntryId)
            .On<ConfirmationRevokedV1>("verification", WhenCaseDecided.Revoked, told => told.EntryId))
        .Reader("attendance", version: 1, reader => reader
            .On<AttendanceRecordedV1>("vacancies", WhenAttendanceRecorded.Handle, told => told.AttendanceId));
}
