using JasperFx.Events;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Verification.Cases;

namespace VolunteerBook.Verification;

/// <summary>Which stored events concern others, and what these are told.</summary>
public static class IntegrationEvents
{
    public static object? ToContract(IEvent stored) => stored.Data switch
    {
        CaseConfirmed e => new CaseConfirmedV1(
            stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.Kid, e.At, Grade: e.Signature is null ? EvidenceGrade.Confirmed : null, Signature: e.Signature, Points: e.Points, Key: e.Key,
            Lines: e.Lines),
        CaseMatched e => new CaseMatchedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.At),
        CaseRejected e => new CaseRejectedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.At),
        CaseReturned e => new CaseReturnedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.At),
        ConfirmationRevoked e => new ConfirmationRevokedV1(stored.StreamId, e.EntryId, e.Revision, e.OrganisationId, e.At),
        _ => null,
    };
}
