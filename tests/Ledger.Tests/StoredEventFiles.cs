using System.Runtime.CompilerServices;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

public sealed class StoredEventFiles(LedgerHost ledger) : IClassFixture<LedgerHost>
{
    [Fact]
    public void every_stored_event_still_loads() => ledger.Service.Services.GetRequiredService<IDocumentStore>().ShouldAllLoadFromTheirFiles(typeof(Entry));

    [Fact]
    public void what_is_shown_of_an_entry_knows_each_of_its_events()
    {
        var store = ledger.Service.Services.GetRequiredService<IDocumentStore>();
        var own = new OwnStreams<Entry>().Events.Where(type => type.Assembly == typeof(Entry).Assembly).ToList();
        var events = store.Options.Events.AllKnownEventTypes().Where(known => own.Contains(known.EventType)).ToDictionary(
            known => known.EventType, known => store.Options.Serializer().FromJson(known.EventType, File.OpenRead(PathOf(known.EventTypeName))));
        events.Count.ShouldBe(own.Count);
        var logged = Views.Of(Guid.CreateVersion7(), events[typeof(EntryLogged)]);
        foreach (var (type, happened) in events.Where(one => one.Key != typeof(EntryLogged)))
        {
            logged.Then(happened).Version.ShouldBe(2, type.Name);
        }
    }

    private static string PathOf(string stored, [CallerFilePath] string test = "") =>
        Path.Combine(Path.GetDirectoryName(test)!, "StoredEvents", $"{stored}.json");
}
