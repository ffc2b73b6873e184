using System.Net;
using VolunteerBook.Reporting.Statistics;
using VolunteerBook.Testing;

namespace VolunteerBook.Reporting.Tests;

/// <summary>The service on real PostgreSQL and RabbitMQ, and those it listens to.</summary>
public sealed class ReportingUnderTest : IAsyncLifetime
{
    public TestAuthority Authority { get; private set; } = null!;

    public PublisherDouble Ledger { get; private set; } = null!;

    public PublisherDouble Profiles { get; private set; } = null!;

    public ServiceHost<OpenStatistics> Host { get; private set; } = null!;

    public string Database { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestInfrastructure.CreateDatabaseAsync("reporting");
        var bus = await TestInfrastructure.CreateVirtualHostAsync("reporting");
        Authority = await TestAuthority.StartAsync();
        Ledger = await PublisherDouble.StartAsync("ledger", bus);
        Profiles = await PublisherDouble.StartAsync("profiles", bus);
        Host = await ServiceHost.StartAsync<OpenStatistics>(ServiceSettings.For("reporting", Database, bus, Authority)
            .With("services:ledger:http:0", Ledger.Address.ToString())
            .With("services:profiles:http:0", Profiles.Address.ToString()));
        // A service that has never been filled says so.
        await Eventually.Is(async () => await (await Host.Client().GetAsync(new Uri("/health", UriKind.Relative))).ShouldBeAsync(HttpStatusCode.OK));
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Ledger.DisposeAsync();
        await Profiles.DisposeAsync();
        await Authority.DisposeAsync();
    }
}
