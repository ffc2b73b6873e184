using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>Where the state of an entry forbids what is asked.</summary>
public static class EntryRefusals
{
    public static Refusal ConfirmedIsAmended { get; } = Refusal.Conflict("confirmed-is-not-edited", "A confirmed entry is not edited; it is amended, and the organisation decides.");

    public static Refusal UnderDecision { get; } = Refusal.Conflict("under-decision", "The organisation is deciding on this entry; withdraw it, or wait for the decision.");

    public static Refusal NotConfirmed { get; } = Refusal.Conflict("not-confirmed", "Only a confirmed entry is amended; correct this one.");

    public static Refusal NothingToAmend { get; } = Refusal.Conflict("nothing-amended", "The amendment says what the entry says already.");

    public static Refusal Closed { get; } = Refusal.Conflict("entry-closed", "This entry was rejected or withdrawn; log a new one.");
}
