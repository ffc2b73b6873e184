using System.Globalization;
using System.Net;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests;

/// <summary>The real service on real PostgreSQL and RabbitMQ; what it listens to are feeds that a test fills.</summary>
public sealed class ProfilesHost : IAsyncLifetime
{
    private TestAuthority authority = null!;
    private ServiceHost<Volunteer> host = null!;

    public string Database { get; private set; } = null!;

    public ServiceSettings Settings { get; private set; } = null!;

    public TestPublisher Ledger { get; private set; } = null!;

    public TestPublisher Vacancies { get; private set; } = null!;

    public TestPublisher Verification { get; private set; } = null!;

    public MailServer Mail { get; private set; } = null!;

    public IServiceProvider Services => host.Services;

    /// <summary>Does something to the database while the service is stopped.</summary>
    public async Task WhileStoppedAsync(params string[] statements)
    {
        await host.StopAsync();
        foreach (var statement in statements)
        {
            await QueryAsync<int>(statement);
        }

        await host.StartAsync();
    }

    public async ValueTask InitializeAsync()
    {
        authority = await TestAuthority.StartAsync();
        Ledger = await TestPublisher.StartAsync("ledger");
        Vacancies = await TestPublisher.StartAsync("vacancies");
        Mail = await MailServer.CreateAsync();
        Verification = await TestPublisher.StartAsync("verification");
        Database = await TestInfrastructure.CreateDatabaseAsync("profiles");
        Settings = ServiceSettings.For("profiles", Database, await TestInfrastructure.CreateVirtualHostAsync("profiles"), authority)
            .WithService("ledger", Ledger.Address)
            .WithService("vacancies", Vacancies.Address)
            .WithService("verification", Verification.Address)
            .With("Issuer:Address", "https://book.example").With("Mail:Host", "127.0.0.1").With("Mail:Security", "none").With("Mail:From", "post@book.example")
            .With("Notifications:MailPause", "00:00:00")
            .With("Mail:Port", Mail.Port.ToString(CultureInfo.InvariantCulture));
        host = await ServiceHost.StartAsync<Volunteer>(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await Ledger.DisposeAsync();
        await Vacancies.DisposeAsync();
        await Verification.DisposeAsync();
        await Mail.DisposeAsync();
        await authority.DisposeAsync();
    }

    public HttpClient Anonymous() => host.Client();

    public HttpClient Person(Guid id) => host.Client(authority.PersonToken(id));

    public HttpClient Administrator() => host.Client(authority.PersonToken(Guid.NewGuid(), "administrator"));

    public HttpClient Machine(string clientId, params string[] scopes) => host.Client(authority.MachineToken(clientId, scopes));

    /// <summary>An approved organisation with one coordinator.</summary>
    public async Task<Guid> ApprovedOrganisationAsync(Guid coordinator, string name = "Рука помощи", string region = "RU-MOW")
    {
        using var registered = await Person(coordinator).PostJsonAsync("/api/v1/organisations", new { name, ogrn = NewOgrn(), region });
        var id = await registered.IdAsync();
        using var approved = await Administrator().PostJsonAsync($"/api/v1/organisations/{id}/approval", version: 1);
        await approved.ShouldBeAsync(HttpStatusCode.NoContent);
        return id;
    }

    public static string NewOgrn()
    {
        var first12 = $"1{Random.Shared.NextInt64(100_000_000_000):D11}";
        return first12 + Ogrn.CheckDigit(first12);
    }

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, params object[] values) => Sql.ColumnAsync<T>(Database, sql, values);

    /// <summary>Tables of the whole database that have this text anywhere, as text or as bytes.</summary>
    public Task<IReadOnlyList<string>> TablesHoldingAsync(string text) => PersonalDataTables.HoldingAsync(Database, text);
}
