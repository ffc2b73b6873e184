using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Exchange;

/// <summary>The ledger's real host, somebody in Verification's place who confirms, and a clock that can be put on.</summary>
public sealed class ExchangeHost : IAsyncLifetime
{
    /// <summary>The purpose that every agency here has.</summary>
    public const string Purpose = "checks";

    private TestAuthority authority = null!;
    private TestPublisher verification = null!;
    private TestPublisher vacancies = null!;
    private int agencies;

    public ServiceHost<Entry> Service { get; private set; } = null!;

    public ServiceSettings Settings { get; private set; } = null!;

    public NpgsqlDataSource Database { get; private set; } = null!;

    public PutOnClock Clock { get; } = new();

    public Guid Organisation { get; } = Guid.CreateVersion7();

    public async ValueTask InitializeAsync()
    {
        authority = await TestAuthority.StartAsync();
        verification = await TestPublisher.StartAsync("verification");
        vacancies = await TestPublisher.StartAsync("vacancies");
        var connection = await TestInfrastructure.CreateDatabaseAsync("ledger");
        Database = NpgsqlDataSource.Create(connection);
        Settings = ServiceSettings.For("ledger", connection, await TestInfrastructure.CreateVirtualHostAsync(), authority)
            .WithService("verification", verification.Address)
            .WithService("vacancies", vacancies.Address)
            .With("CatchUp:Interval", "00:00:00.2")
            .With("Webhooks:Look", "00:00:00.1")
            .With("Webhooks:Timeout", "00:00:03")
            .With("Logging:LogLevel:MassTransit", "None")
            // 32 bytes in base64, for the transparency log outside development.
            .With("Log:SigningKey", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=") with
        {
            ConfigureServices = services => services.AddSingleton<TimeProvider>(Clock),
        };
        Service = await ServiceHost.StartAsync<Entry>(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await Database.DisposeAsync();
        await verification.DisposeAsync();
        await vacancies.DisposeAsync();
        await authority.DisposeAsync();
    }

    /// <summary>A token of an agency's machine.</summary>
    public string Token(TestAgency agency) => authority.MachineToken(agency.Id, "agency");

    /// <summary>A token of a person who administers the portal.</summary>
    public string AdministratorToken() => authority.PersonToken(Guid.CreateVersion7(), "administrator");

    public HttpClient Nobody() => Service.Client();

    public HttpClient Administrator() => Service.Client(AdministratorToken());

    public HttpClient Machine(string clientId, string scope = "agency") => Service.Client(authority.MachineToken(clientId, scope));

    /// <summary>A registered agency with a client of its own.</summary>
    public async Task<TestAgency> AgencyAsync(AgencyKind kind = AgencyKind.Other, params string[] purposes)
    {
        var id = $"agency-{Interlocked.Increment(ref agencies)}";
        var command = new SetAgency(new BothLanguages("Ведомство", "Agency"), kind,
            [.. purposes.Prepend(Purpose).Select(code => new Purpose(code, new BothLanguages("Проверка", "Checks")))]);
        await (await Administrator().PutJsonAsync($"/api/v1/agencies/{id}", command, version: 0)).ShouldBeAsync(HttpStatusCode.NoContent);
        return new TestAgency(id, Machine(id));
    }

    public TestVolunteer Volunteer()
    {
        var id = Guid.CreateVersion7();
        return new TestVolunteer(this, id, Service.Client(authority.PersonToken(id)));
    }

    /// <summary>Says in Verification's place that a submission was confirmed.</summary>
    public void Confirm(Guid entry, int revision = 1, int points = 0) => verification.Publish(new CaseConfirmedV1(
        CaseIds.Of(entry, revision), entry, revision, Organisation, "a key's thumbprint",
        DateTimeOffset.UtcNow, Signature: $"jws.{entry}.{revision}", Points: points));

    /// <summary>Says in Verification's place that a confirmation was taken back.</summary>
    public void Revoke(Guid entry, int revision = 1) =>
        verification.Publish(new ConfirmationRevokedV1(CaseIds.Of(entry, revision), entry, revision, Organisation, DateTimeOffset.UtcNow));
}

/// <summary>The system's clock, put on by what a test says: pauses of days pass at once.</summary>
public sealed class PutOnClock : TimeProvider
{
    private long ahead;

    public override DateTimeOffset GetUtcNow()
    {
        var now = base.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    public void PutOn(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
}

/// <summary>An agency and its machine.</summary>
public sealed record TestAgency(string Id, HttpClient Client)
{
    public Task<HttpResponseMessage> ReadAsync(TestVolunteer volunteer, string? form = null, string purpose = ExchangeHost.Purpose) =>
        Client.GetResponseAsync($"/api/v1/agency/records/{volunteer.Id}?purpose={purpose}{(form is null ? "" : "&form=" + form)}");
}

/// <summary>A volunteer and their app.</summary>
public sealed record TestVolunteer(ExchangeHost Host, Guid Id, HttpClient Client)
{
    /// <summary>Work that the organisation confirmed, seen in the book.</summary>
    public async Task<Guid> ConfirmedAsync(
        int minutes = 240, string start = "2025-05-09T10:00:00", string project = "Забота рядом", string taskType = "D12", int points = 0)
    {
        var id = await (await Client.PostJsonAsync("/api/v1/entries",
            new LogEntry(Host.Organisation, project, taskType, "RU-MOW", [EntryDecisions.AShift(minutes, start)], "слова волонтёра", true))).IdAsync();
        Host.Confirm(id, points: points);
        await StatusAsync(id, "confirmed");
        return id;
    }

    /// <summary>Waits until the book says so.</summary>
    public Task StatusAsync(Guid entry, string status) =>
        Eventually.Is(async () => (await Client.GetJsonAsync($"/api/v1/entries/{entry}")).GetProperty("status").GetString() == status);

    public async Task<Guid> GrantAsync(
        TestAgency agency, GrantDepth gives = GrantDepth.Entries, DateOnly? from = null, DateOnly? to = null, Guid? organisation = null,
        string purpose = ExchangeHost.Purpose) =>
        await (await Client.PostJsonAsync(
            "/api/v1/grants",
            new GiveGrant(agency.Id, purpose, gives, DateOnly.FromDateTime(Host.Clock.GetUtcNow().UtcDateTime.AddYears(1)), from, to, organisation))).IdAsync();

    public async Task WithdrawAsync(Guid grant) =>
        await (await Client.PostJsonAsync($"/api/v1/grants/{grant}/withdrawal", version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);
}
