using Marten;
using Microsoft.Extensions.DependencyInjection;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests;

public sealed class StoredEventFiles(LedgerHost ledger) : IClassFixture<LedgerHost>
{
    [Fact]
    public void every_stored_event_still_loads() => ledger.Service.Services.GetRequiredService<IDocumentStore>().ShouldAllLoadFromTheirFiles(typeof(Entry));
}
