using JasperFx.Events.Projections;
using Marten;
using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger;

/// <summary>What the ledger stores: events under names that are for ever, and the projections with their lifecycles.</summary>
public static class LedgerStore
{
    public static void Configure(StoreOptions options)
    {
        options.Events.MapEventType<EntryLogged>("entry_logged");
        options.Events.MapEventType<EntryCorrected>("entry_corrected");
        options.Events.MapEventType<EntrySubmitted>("entry_submitted");
        options.Events.MapEventType<EntryWithdrawn>("entry_withdrawn");
        options.Events.MapEventType<EntryConfirmed>("entry_confirmed");
        options.Events.MapEventType<EntryRejected>("entry_rejected");
        options.Events.MapEventType<EntryReturned>("entry_returned");

        // Inline: commands decide on it, and a volunteer who has just written reads it back in the book.
        options.Projections.Snapshot<Entry>(SnapshotLifecycle.Inline);
        // The one question that is asked of all entries: whose, in which order. GetBook's SQL uses the index's expressions.
        options.Schema.For<Entry>().Index(entry => new { entry.VolunteerId, entry.FirstStart });
    }
}
