using Shouldly;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Architecture.Tests;

/// <summary>
/// What each version of each reader handles. A version that stands somewhere in a log has passed over what it did not handle so far: a type that is added to
/// it would lack all of its past, without a word. What is new is handled by another reader or, in a read model,
/// by its next version.
/// </summary>
public sealed class ReaderDeclarations
{
    private const string Handled =
        """
        ledger attendance 1 of vacancies: AttendanceRecordedV1
        ledger decisions 1 of verification: CaseConfirmedV1, CaseMatchedV1, CaseRejectedV1, CaseReturnedV1, CaseSettledV1, ConfirmationRevokedV1
        profiles applications 1 of vacancies: ApplicationSubmittedV1
        profiles delegations 1 of verification: DelegationWithdrawnV1, QueueDelegatedV1
        profiles entries 1 of ledger: EntrySubmittedV1
        profiles notifications 1 of ledger: AmendmentDeclinedV1, EntryConfirmedV1, EntryDeclinedV1, EntryRevokedV1
        profiles notifications 1 of profiles: OrganisationApproved
        profiles notifications 1 of vacancies: ApplicationAcceptedV1, ApplicationDeclinedV1
        profiles notifications 1 of verification: CaseEscalatedV1, InquiryAnsweredV1, WorkProposedV1
        profiles suspension-notifications 1 of profiles: OrganisationReinstated, OrganisationSuspended
        reporting hours 2 of ledger: EntryConfirmedV1, EntryDeclinedV1, EntryRevokedV1, EntrySubmittedV1, EntryWithdrawnV1
        reporting organisations 2 of profiles: OrganisationApprovedV1
        reporting volunteers 2 of profiles: VolunteerRegisteredV1
        vacancies organisations 1 of profiles: CoordinatorAppointedV1, CoordinatorRemovedV1, OrganisationApprovedV1
        vacancies suspensions 1 of profiles: OrganisationReinstatedV1, OrganisationSuspendedV1
        verification cases 1 of ledger: AmendmentWithdrawnV1, EntryAmendedV1, EntrySubmittedV1, EntryWithdrawnV1
        verification organisations 1 of profiles: CoordinatorAppointedV1, CoordinatorRemovedV1, OrganisationApprovedV1, SigningKeyRegisteredV1,
            SigningKeyRevokedV1
        verification suspensions 1 of profiles: OrganisationReinstatedV1, OrganisationSuspendedV1
        verification work-proposals 1 of verification: SheetSigned
        """;

    private static readonly (string Service, Action<InboxBuilder> Declare)[] Services =
    [
        ("profiles", inbox => Profiles.ProfilesReaders.Declare(inbox)), ("ledger", inbox => Ledger.LedgerReaders.Declare(inbox)),
        ("verification", inbox => Verification.VerificationReaders.Declare(inbox)), ("vacancies", inbox => Vacancies.VacanciesReaders.Declare(inbox)),
        ("reporting", inbox => Reporting.ReportingReaders.Declare(inbox)),
    ];

    [Fact]
    public void a_version_of_a_reader_handles_what_it_did_when_it_began_and_nothing_more()
    {
        var found = Services.SelectMany(service =>
        {
            var inbox = new InboxBuilder(service.Service);
            service.Declare(inbox);
            return inbox.Readers.SelectMany(reader => reader.Handlings.Keys.GroupBy(handled => handled.Publisher, handled => handled.Type).Select(of =>
                $"{service.Service} {reader.Name} {reader.Version} of {of.Key}: {string.Join(", ", of.Order(StringComparer.Ordinal))}"));
        });
        found.Order(StringComparer.Ordinal).ShouldBe(Handled.Replace(",\n    ", ", ", StringComparison.Ordinal).Split('\n').Order(StringComparer.Ordinal));
    }
}
