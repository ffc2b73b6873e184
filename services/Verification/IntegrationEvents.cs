using JasperFx.Events;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Delegations;
using VolunteerBook.Verification.Disputes;
using VolunteerBook.Verification.Inquiries;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.Reviews;

namespace VolunteerBook.Verification;

/// <summary>Which stored events concern others, and what these are told.</summary>
public static class IntegrationEvents
{
    public static object? ToContract(IEvent stored) => stored.Data switch
    {
        CaseConfirmed e => new CaseConfirmedV1(
            stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.Kid, e.At, e.Facts,
            e.Signature is null ? EvidenceGrade.Confirmed : null, e.Signature, e.Points, e.Key, e.Lines,
            e.Statement),
        CaseMatched e => new CaseMatchedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.At),
        CaseRejected e => new CaseRejectedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.At),
        CaseReturned e => new CaseReturnedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.At),
        ConfirmationRevoked e => new ConfirmationRevokedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.At),
        CaseDisputed e => new CaseDisputedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.At),
        DisputeSettled { Facts: { } facts } e => new CaseSettledV1(stored.StreamId, e.EntryId, e.Revision, facts, e.Points, e.At),
        InquiryAnswered { CaseId: { } caseId, OrganisationId: { } organisation } e => new InquiryAnsweredV1(
            stored.StreamId, caseId, organisation, e.Confirms, e.At),
        WorkProposed e => new WorkProposedV1(e.SheetId, e.OrganisationId, e.Volunteers, e.At),
        CaseEscalated e => new CaseEscalatedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.LimitDays, e.At),
        ReviewGiven e => new ReviewGivenV1(stored.StreamId, e.EntryId, e.CaseId, e.VolunteerId, e.OrganisationId, e.Side, e.Rating, e.At),
        QueueDelegated e => new QueueDelegatedV1(e.OrganisationId, e.DelegationId, e.By, e.PersonId, e.From, e.Until, e.At),
        DelegationWithdrawn e => new DelegationWithdrawnV1(e.OrganisationId, e.DelegationId, e.At),
        _ => null,
    };
}
