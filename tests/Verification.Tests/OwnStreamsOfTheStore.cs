using Marten;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Sheets;
using Case = VolunteerBook.Verification.Cases.Case;

namespace VolunteerBook.Verification.Tests;

/// <summary>An event belongs to one aggregate: what another one's stream would be given is refused before it is stored.</summary>
public sealed class OwnStreamsOfTheStore(VerificationHost host) : IClassFixture<VerificationHost>
{
    [Fact]
    public async Task an_event_of_another_aggregate_is_not_stored_and_nothing_is_made_of_it()
    {
        var id = Guid.CreateVersion7();
        var ct = TestContext.Current.CancellationToken;
        var store = host.Service.Services.GetRequiredService<IDocumentStore>();
        await using (var session = store.LightweightSession())
        {
            session.Events.StartStream<Sheet>(id, new CaseCancelled(DateTimeOffset.UtcNow));
            (await Should.ThrowAsync<InvalidOperationException>(() => session.SaveChangesAsync(ct))).Message
                .ShouldBe("CaseCancelled is not an event of Sheet.");
        }

        await using var reading = store.QuerySession();
        (await reading.Events.FetchStreamStateAsync(id, ct)).ShouldBeNull();
        (await reading.LoadAsync<Case>(id, ct)).ShouldBeNull();
        (await reading.LoadAsync<Sheet>(id, ct)).ShouldBeNull();
    }
}
