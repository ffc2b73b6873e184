using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>Where the state of an entry forbids what is asked.</summary>
public static class EntryRefusals
{
    public static Refusal ConfirmedIsAmended { get; } = Refusal.Conflict(
        "confirmed-is-not-edited", "A confirmed entry cannot be edited; amend it, and the organisation will decide.");

    public static Refusal UnderDecision { get; } = Refusal.Conflict(
        "under-decision", "The organisation is deciding on this entry; withdraw it, or wait for the decision.");

    public static Refusal NotConfirmed { get; } = Refusal.Conflict("not-confirmed", "Only a confirmed entry can be amended; correct this one instead.");

    public static Refusal NothingToAmend { get; } = Refusal.Conflict("nothing-amended", "The amendment says the same as the entry; change something first.");

    public static Refusal Closed { get; } = Refusal.Conflict("entry-closed", "This entry was rejected or withdrawn; log a new one.");
}
