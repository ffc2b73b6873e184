using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Delegations;
using VolunteerBook.Verification.Disputes;
using VolunteerBook.Verification.Inquiries;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;
using VolunteerBook.Verification.Reviews;
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
        options.Events.MapEventType<AmendedConfirmationRevoked>("amended_confirmation_revoked");
        options.Events.MapEventType<PartAccepted>("part_accepted");
        options.Events.MapEventType<CaseDisputed>("case_disputed");
        options.Events.MapEventType<DisputeAnswered>("dispute_answered");
        options.Events.MapEventType<DisputeSettled>("dispute_settled");
        options.Events.MapEventType<CaseEscalated>("case_escalated");
        options.Events.MapEventType<OrganisationReminded>("organisation_reminded");
        options.Events.MapEventType<ReviewGiven>("review_given");
        options.Events.MapEventType<ReviewChanged>("review_changed");
        options.Events.MapEventType<ReviewWithdrawn>("review_withdrawn");
        options.Events.MapEventType<ReviewAnswered>("review_answered");
        options.Events.MapEventType<ReviewReported>("review_reported");
        options.Events.MapEventType<ReviewSettled>("review_settled");
        options.Events.MapEventType<ReviewedConfirmationRevoked>("reviewed_confirmation_revoked");
        options.Events.MapEventType<ConfirmationRulesSet>("confirmation_rules_set");
        options.Events.MapEventType<SheetReceived>("sheet_received");
        options.Events.MapEventType<SheetPeopleResolved>("sheet_people_resolved");
        options.Events.MapEventType<SheetSigned>("sheet_signed");
        options.Events.MapEventType<SheetSuperseded>("sheet_superseded");
        options.Events.MapEventType<SheetSignatureRefused>("sheet_signature_refused");
        options.Events.MapEventType<SheetDiscarded>("sheet_discarded");
        options.Events.MapEventType<ProposalDeclined>("proposal_declined");
        options.Events.MapEventType<WorkProposed>("work_proposed");
        options.Events.MapEventType<SignatureRefused>("signature_refused");
        options.Events.MapEventType<OrganisationKnown>("organisation_known");
        options.Events.MapEventType<SuspensionKnown>("suspension_known");
        options.Events.MapEventType<SuspensionLifted>("suspension_lifted");
        options.Events.MapEventType<CoordinatorKnown>("coordinator_known");
        options.Events.MapEventType<CoordinatorGone>("coordinator_gone");
        options.Events.MapEventType<QueueDelegated>("queue_delegated");
        options.Events.MapEventType<DelegationWithdrawn>("delegation_withdrawn");
        options.Events.MapEventType<KeyKnown>("key_known");
        options.Events.MapEventType<KeyRevoked>("key_revoked");

        // Inline: decisions are made on it, and a coordinator who has just decided must not see the case in the queue again.
        options.Snapshot<Case>();
        // The columns are what the queue, the escalation and the service level ask by; each of the latter two has an index of the cases that concern it.
        options.Columns<Case>(
            notNull: false,
            opened => opened.OrganisationId,
            opened => opened.Status,
            opened => opened.OpenedAt,
            opened => opened.DueAt,
            opened => opened.DecidedAt,
            opened => opened.EscalatedAt,
            opened => opened.InDispute);
        options.Schema.For<Case>()
            .Index(opened => new { opened.OrganisationId, opened.Status, opened.OpenedAt })
            .Index(opened => opened.OpenedAt, index => (index.Name, index.Predicate) = ("mt_doc_case_idx_open", "status = 'Open'"))
            .Index(
                opened => new { opened.DueAt, opened.Id },
                index => (index.Name, index.Predicate) = ("mt_doc_case_idx_to_escalate", "status = 'Open' and escalated_at is null"))
            .Index(
                opened => new { opened.OpenedAt, opened.Id },
                index => (index.Name, index.Predicate) = ("mt_doc_case_idx_escalated", "status = 'Open' and escalated_at is not null"))
            .Index(opened => new { opened.DecidedAt, opened.Id }, index => (index.Name, index.Predicate) = ("mt_doc_case_idx_disputed", "in_dispute = true"))
            .Index(opened => opened.EntryId);

        // Inline: who has written or settled one sees it so at once, and a second one must not be written.
        options.Snapshot<Review>();
        options.Columns<Review>(
            notNull: false,
            review => review.OrganisationId,
            review => review.VolunteerId,
            review => review.Side,
            review => review.Rating,
            review => review.GivenAt,
            review => review.WithdrawnAt,
            review => review.ReportedAt,
            review => review.IsShown);
        options.Schema.For<Review>()
            .Index(review => new { review.OrganisationId, review.Side, review.GivenAt })
            .Index(review => new { review.VolunteerId, review.GivenAt })
            .Index(
                review => new { review.ReportedAt, review.Id },
                index => (index.Name, index.Predicate) = ("mt_doc_review_idx_reported", "reported_at is not null"));

        options.AddMatching();
        options.AddInquiries();

        // Inline: it is signed as it stands, and the same document handed in again must be known at once.
        options.Snapshot<Sheet>();
        options.Schema.For<Sheet>().Index(sheet => new { sheet.OrganisationId, sheet.ReceivedAt });
        options.AddSheetRows();

        // Inline: points are given by it.
        options.Snapshot<ConfirmationRules>();

        // Inline: who may decide, and with which key.
        options.Snapshot<Organisation>();
        options.Schema.For<Organisation>().GinIndexJsonData();
    }
}
