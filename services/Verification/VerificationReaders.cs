using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.Organisations;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification;

/// <summary>What Verification takes from others: what is submitted, which opens cases, and who may decide and sign for an organisation.</summary>
public static class VerificationReaders
{
    public static void Declare(InboxBuilder inbox) => inbox
        .Reader("cases", version: 1, reader => reader
            .On<EntrySubmittedV1>("ledger", WhenEntrySubmitted.Handle, told => told.EntryId)
            .On<EntryWithdrawnV1>("ledger", WhenEntryWithdrawn.Handle, told => told.EntryId)
            .On<EntryAmendedV1>("ledger", WhenEntryAmended.Handle, told => told.EntryId)
            .On<AmendmentWithdrawnV1>("ledger", WhenEntryWithdrawn.Handle, told => told.EntryId))
        .Reader("organisations", version: 1, reader => reader
            .On<OrganisationApprovedV1>("profiles", WhenOrganisationChanges.Approved, told => told.OrganisationId)
            .On<CoordinatorAppointedV1>("profiles", WhenOrganisationChanges.CoordinatorAppointed, told => told.OrganisationId)
            .On<CoordinatorRemovedV1>("profiles", WhenOrganisationChanges.CoordinatorRemoved, told => told.OrganisationId)
            .On<SigningKeyRegisteredV1>("profiles", WhenOrganisationChanges.KeyRegistered, told => told.OrganisationId)
            .On<SigningKeyRevokedV1>("profiles", WhenOrganisationChanges.KeyRevoked, told => told.OrganisationId))
        .Reader("suspensions", version: 1, reader => reader
            .On<OrganisationSuspendedV1>("profiles", WhenOrganisationChanges.Suspended, told => told.OrganisationId)
            .On<OrganisationReinstatedV1>("profiles", WhenOrganisationChanges.Reinstated, told => told.OrganisationId))
        // From now on: nobody is told of sheets that were signed before anybody was told of any.
        .Reader("work-proposals", version: 1, reader => reader.OnOwn<SheetSigned>(ProposeWork.Handle, (sheet, _) => sheet), from: Start.Now);
}
