using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger.Tests;

/// <summary>What is shown of an entry whose events are told here.</summary>
internal static class Views
{
    public static EntryView Of(Guid id, params object[] history) => Replay.ViewOf(Stored(id, history));

    public static EntryView Then(this EntryView view, object next) => EntryView.After(view, new Happened(view.Id, view.Version + 1, next));

    public static IEnumerable<Happened> Stored(Guid id, IEnumerable<object> history) => history.Select((data, index) => new Happened(id, index + 1, data));
}
