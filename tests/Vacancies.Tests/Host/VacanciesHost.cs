using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Testing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Tests.Host;

/// <summary>The service's real host on real PostgreSQL and RabbitMQ, one for all tests: each test has an organisation of its own.</summary>
public sealed class VacanciesHost : IAsyncLifetime
{
    private TestPublisher profiles = null!;
    private TestAuthority authority = null!;
    private long told;

    public ServiceHost<Vacancy> Service { get; private set; } = null!;

    public string Database { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        authority = await TestAuthority.StartAsync();
        profiles = await TestPublisher.StartAsync("profiles", app => app.MapGet("/api/v1/volunteers/me", authority.NameOf));
        Database = await TestInfrastructure.CreateDatabaseAsync("vacancies");
        Service = await ServiceHost.StartAsync<Vacancy>(
            ServiceSettings.For("vacancies", Database, await TestInfrastructure.CreateVirtualHostAsync("vacancies"), authority)
                .WithService("profiles", profiles.Address)
                .With("CatchUp:Interval", "00:00:00.1"));
    }

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        await profiles.DisposeAsync();
        await authority.DisposeAsync();
    }

    /// <summary>People without a name on record.</summary>
    public HashSet<Guid> Nameless => authority.Nameless;

    /// <summary>Whether Profiles can be asked for names.</summary>
    public bool KnowsNames
    {
        set => authority.KnowsNames = value;
    }

    public HttpClient Anybody() => Service.Client();

    public HttpClient Person(Guid? id = null) => Service.Client(authority.PersonToken(id ?? Guid.CreateVersion7()));

    public HttpClient Machine(string id, string scope) => Service.Client(authority.MachineToken(id, scope));

    /// <summary>An approved organisation with one coordinator, both known to the service.</summary>
    public async Task<AnOrganisation> OrganisationAsync()
    {
        var organisation = new AnOrganisation(Guid.CreateVersion7(), Guid.CreateVersion7());
        await TellAsync(
            new OrganisationApprovedV1(organisation.Id, "Забота рядом", "RU-MOW", 2, DateTimeOffset.UtcNow),
            new CoordinatorAppointedV1(organisation.Id, organisation.Coordinator, DateTimeOffset.UtcNow.AddDays(-1), null, 3, DateTimeOffset.UtcNow));
        return organisation;
    }

    /// <summary>Has Profiles tell facts and waits until the service has taken them in.</summary>
    public async Task TellAsync(params object[] facts)
    {
        foreach (var fact in facts)
        {
            profiles.Publish(fact);
        }

        told += facts.Length;
        await using var source = NpgsqlDataSource.Create(Database);
        // The reader that handles the last of them.
        var reader = facts[^1] is OrganisationSuspendedV1 or OrganisationReinstatedV1 ? "suspensions" : "organisations";
        await using var command = source.CreateCommand($"select sequence from reader_positions where publisher = 'profiles' and reader = '{reader}'");
        await Eventually.Is(async () => await command.ExecuteScalarAsync() is long number && number >= told);
    }

    /// <summary>Publishes a vacancy in the organisation's name and reads it back.</summary>
    public async Task<JsonElement> VacancyAsync(AnOrganisation organisation, params OfferedShift[] shifts)
    {
        var id = await (await Person(organisation.Coordinator).PostJsonAsync("/api/v1/vacancies", ACall(organisation, shifts))).IdAsync();
        return await Anybody().GetJsonAsync($"/api/v1/vacancies/{id}");
    }

    public static PublishVacancy ACall(AnOrganisation organisation, params OfferedShift[] shifts) =>
        new(organisation.Id, "Субботник в парке", "Перчатки дадим.", "E12", "RU-MOW", shifts.Length == 0 ? [AShift()] : shifts);

    /// <summary>A shift that begins so many hours from now (before now, where negative) and lasts eight.</summary>
    public static OfferedShift AShift(double hoursFromNow = 24, int places = 5) =>
        new(DateTime.SpecifyKind(DateTime.UtcNow.AddHours(hoursFromNow), DateTimeKind.Unspecified), "Etc/UTC", 480, places);

    /// <summary>Applies to all shifts of a vacancy.</summary>
    public async Task<Guid> ApplyAsync(Guid volunteer, JsonElement vacancy, string? message = null) =>
        await (await Person(volunteer).PostJsonAsync($"/api/v1/vacancies/{vacancy.Id()}/applications", new Apply(vacancy.ShiftIds(), message))).IdAsync();

    /// <summary>Applies and is accepted.</summary>
    public async Task<Guid> AcceptedAsync(Guid volunteer, JsonElement vacancy, AnOrganisation organisation)
    {
        var id = await ApplyAsync(volunteer, vacancy);
        await (await Person(organisation.Coordinator).PostJsonAsync($"/api/v1/applications/{id}/acceptance", version: 1))
            .ShouldBeAsync(System.Net.HttpStatusCode.NoContent);
        return id;
    }

    /// <summary>All that the service has published, in its order.</summary>
    public Task<IReadOnlyList<JsonElement>> PublishedAsync() => Machine("services", "integration").PublishedAsync();
}

/// <summary>The tests that share the host.</summary>
[CollectionDefinition(Name)]
public sealed class OverHttp : ICollectionFixture<VacanciesHost>
{
    public const string Name = "over HTTP";
}

/// <summary>An organisation and its coordinator.</summary>
public sealed record AnOrganisation(Guid Id, Guid Coordinator);

/// <summary>What tests read from answers.</summary>
internal static class Answers
{
    public static Guid Id(this JsonElement item) => item.GetProperty("id").GetGuid();

    public static Guid[] ShiftIds(this JsonElement vacancy) => [.. vacancy.GetProperty("shifts").EnumerateArray().Select(shift => shift.Id())];

    public static int Free(this JsonElement vacancy, int shift = 0) => vacancy.GetProperty("shifts")[shift].GetProperty("free").GetInt32();

    public static string? Text(this JsonElement item, string property) => item.GetProperty(property).GetString();
}
