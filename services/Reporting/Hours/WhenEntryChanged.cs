using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Reporting.Hours;

/// <summary>
/// The ledger's word on an entry reaches the figures. A word holds when it is about a later submission, or a later word about the same one; so any order and
/// any repetition of the words ends in the same state, and a confirmation counts even where its submission was never heard of.
/// </summary>
internal static class WhenEntryChanged
{
    public static void Submitted(EntrySubmittedV1 message, Received received, Filling into) =>
        HoursTables.Say(into, message.EntryId, message.Revision, FactStatus.Submitted, message.VolunteerId, message.Facts);

    public static void Withdrawn(EntryWithdrawnV1 message, Received received, Filling into) =>
        HoursTables.Say(into, message.EntryId, message.Revision, FactStatus.Withdrawn, message.VolunteerId);

    public static void Confirmed(EntryConfirmedV1 message, Received received, Filling into) => HoursTables.Say(
        into, message.EntryId, message.Revision, FactStatus.Confirmed, message.VolunteerId, message.Facts, message.Grade ?? EvidenceGrade.Signed);

    public static void Declined(EntryDeclinedV1 message, Received received, Filling into) =>
        HoursTables.Say(into, message.EntryId, message.Revision, FactStatus.Declined, message.VolunteerId);

    public static void Revoked(EntryRevokedV1 message, Received received, Filling into) =>
        HoursTables.Say(into, message.EntryId, message.Revision, FactStatus.Revoked, message.VolunteerId);
}
