using JasperFx.Events;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger;

/// <summary>Which stored events concern others, and what these are told.</summary>
public static class IntegrationEvents
{
    public static object? ToContract(IEvent stored) => stored.Data switch
    {
        EntrySubmitted e => new EntrySubmittedV1(stored.StreamId, e.Revision, e.VolunteerId, e.Facts, e.At),
        EntryWithdrawn { Revision: > 0 } e => new EntryWithdrawnV1(stored.StreamId, e.Revision, e.VolunteerId, e.OrganisationId, e.At),
        EntryConfirmed e => new EntryConfirmedV1(stored.StreamId, e.Revision, e.CaseId, e.VolunteerId, e.Facts, e.At, e.Grade, e.Points, e.ClaimedMinutes),
        EntryRejected e => new EntryDeclinedV1(
            stored.StreamId, e.Revision, e.CaseId, e.VolunteerId, Returned: false, e.At, e.OrganisationId, e.Minutes),
        EntryReturned e => new EntryDeclinedV1(
            stored.StreamId, e.Revision, e.CaseId, e.VolunteerId, Returned: true, e.At, e.OrganisationId, e.Minutes),
        EntryAmended e => new EntryAmendedV1(stored.StreamId, e.Revision, e.VolunteerId, e.Facts, e.StandingRevision, e.Standing, e.At),
        AmendmentWithdrawn e => new AmendmentWithdrawnV1(stored.StreamId, e.Revision, e.VolunteerId, e.At),
        AmendmentDeclined e => new AmendmentDeclinedV1(
            stored.StreamId, e.Revision, e.CaseId, e.VolunteerId, e.Returned, e.At, e.OrganisationId, e.Minutes),
        EntryRevoked e => new EntryRevokedV1(stored.StreamId, e.Revision, e.CaseId, e.VolunteerId, e.At, e.OrganisationId, e.Minutes),
        _ => null,
    };
}
