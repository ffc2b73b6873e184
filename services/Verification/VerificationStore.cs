using JasperFx.Events.Projections;
using Marten;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Inquiries;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification;

/// <summary>What Verification stores: events under names that are for ever, and the projections with their lifecycles.</summary>
public static class VerificationStore
{
    public static void Configure(StoreOptions options)
    {
        options.Events.MapEventType<CaseOpened>("case_opened");
        options.Events.MapEventType<CaseConfirmed>("case_confirmed");
        options.Events.MapEventType<CaseMatched>("case_matched");
        options.Events.MapEventType<CaseRejected>("case_rejected");
        options.Events.MapEventType<CaseReturned>("case_returned");
        options.Events.MapEventType<CaseCancelled>("case_cancelled");
        options.Events.MapEventType<ConfirmationRevoked>("confirmation_revoked");
        options.Events.MapEventType<ConfirmationRulesSet>("confirmation_rules_set");
        options.Events.MapEventType<SheetReceived>("sheet_received");
        options.Events.MapEventType<SheetSigned>("sheet_signed");
        options.Events.MapEventType<SheetDiscarded>("sheet_discarded");
        options.Events.MapEventType<ProposalDeclined>("proposal_declined");
        options.Events.MapEventType<SignatureRefused>("signature_refused");
        options.Events.MapEventType<OrganisationKnown>("organisation_known");
        options.Events.MapEventType<CoordinatorKnown>("coordinator_known");
        options.Events.MapEventType<CoordinatorGone>("coordinator_gone");
        options.Events.MapEventType<KeyKnown>("key_known");
        options.Events.MapEventType<KeyRevoked>("key_revoked");

        // Inline: decisions are made on it, and a coordinator who has just decided must not see the case in the queue again.
        options.Projections.Snapshot<Case>(SnapshotLifecycle.Inline);
        options.Schema.For<Case>().Duplicate(opened => opened.Status, notNull: true).Index(opened => new { opened.OrganisationId, opened.Status, opened.OpenedAt }).Index(opened => opened.EntryId);

        options.AddMatching();
        options.AddInquiries();

        // Inline: it is signed as it stands, and the same document handed in again must be known at once.
        options.Projections.Snapshot<Sheet>(SnapshotLifecycle.Inline);
        options.Schema.For<Sheet>().Index(sheet => new { sheet.OrganisationId, sheet.ReceivedAt });
        options.AddSheetRows();

        // Inline: points are given by it.
        options.Projections.Snapshot<ConfirmationRules>(SnapshotLifecycle.Inline);

        // Inline: who may decide, and with which key.
        options.Projections.Snapshot<Organisation>(SnapshotLifecycle.Inline);
        options.Schema.For<Organisation>().GinIndexJsonData();
    }
}
