using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Volunteers;

[Trait("Feature", "F4")]
public sealed class NamesApiTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private async Task<Guid> VolunteerAsync(string family)
    {
        var id = Guid.NewGuid();
        using var response = await host.Person(id).PostJsonAsync(
            "/api/v1/volunteers", new { name = new { family, given = "Анна" }, birthDate = "1999-01-31", region = "RU-MOW" });
        await response.ShouldBeAsync(HttpStatusCode.Created);
        return id;
    }

    private static Task<IReadOnlyList<VolunteerName>> NamesAsync(HttpClient client, params Guid[] ids) =>
        client.GetJsonAsync<IReadOnlyList<VolunteerName>>($"/api/v1/volunteers/names?ids={string.Join(',', ids)}");

    private void Submit(Guid volunteer, Guid organisation) => host.Ledger.Publish(new EntrySubmittedV1(
        Guid.NewGuid(), 1, volunteer,
        new EntryFacts(
            organisation, "Забота рядом", "D12", "RU-MOW", [new Shift(new DateTime(2026, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 240)]),
        DateTimeOffset.UtcNow));

    private void Apply(Guid volunteer, Guid organisation) =>
        host.Vacancies.Publish(new ApplicationSubmittedV1(Guid.NewGuid(), Guid.NewGuid(), organisation, volunteer, DateTimeOffset.UtcNow));

    [Fact]
    public async Task a_coordinator_learns_the_names_of_those_who_turned_to_the_organisation()
    {
        var (coordinator, stranger) = (Guid.NewGuid(), Guid.NewGuid());
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        await host.ApprovedOrganisationAsync(stranger);
        var (submitted, applied, neither) = (await VolunteerAsync("Подавшая"), await VolunteerAsync("Откликнувшаяся"), await VolunteerAsync("Посторонняя"));

        (await NamesAsync(host.Person(coordinator), submitted, applied, neither)).ShouldBeEmpty();
        Submit(submitted, organisation);
        Submit(submitted, organisation);
        Apply(applied, organisation);

        await Eventually.Is(async () => (await NamesAsync(host.Person(coordinator), neither, applied, submitted)).ShouldBe(
            [new VolunteerName(submitted, "Подавшая Анна", false), new VolunteerName(applied, "Откликнувшаяся Анна", false)], ignoreOrder: true));

        (await NamesAsync(host.Person(stranger), submitted, applied, neither)).ShouldBeEmpty();
        (await NamesAsync(host.Person(submitted), submitted, applied)).ShouldBeEmpty();
        (await NamesAsync(host.Administrator(), submitted, applied)).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_coordinator_whose_period_is_over_or_who_was_removed_learns_nothing()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var organisation = await host.ApprovedOrganisationAsync(first);
        var volunteer = await VolunteerAsync("Подавшая");
        Submit(volunteer, organisation);
        await Eventually.Is(async () => (await NamesAsync(host.Person(first), volunteer)).Count.ShouldBe(1));

        using var appointed = await host.Person(first)
            .PostJsonAsync($"/api/v1/organisations/{organisation}/coordinators", new { personId = second }, version: 3);
        await appointed.ShouldBeAsync(HttpStatusCode.Created);
        (await NamesAsync(host.Person(second), volunteer)).Count.ShouldBe(1);

        using var removed = await host.Person(first).DeleteAsync($"/api/v1/organisations/{organisation}/coordinators/{second}", version: 4);
        await removed.ShouldBeAsync(HttpStatusCode.NoContent);
        (await NamesAsync(host.Person(second), volunteer)).ShouldBeEmpty();
        (await NamesAsync(host.Person(first), volunteer)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task an_erased_persons_name_is_gone()
    {
        var coordinator = Guid.NewGuid();
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        var volunteer = await VolunteerAsync("Забытая");
        Apply(volunteer, organisation);
        await Eventually.Is(
            async () => (await NamesAsync(host.Person(coordinator), volunteer)).ShouldBe([new VolunteerName(volunteer, "Забытая Анна", false)]));

        await host.Services.GetRequiredService<PersonKeys>().Destroy(volunteer, TestContext.Current.CancellationToken);
        (await NamesAsync(host.Person(coordinator), volunteer)).ShouldBe([new VolunteerName(volunteer, null, true)]);
    }

    [Fact]
    public async Task those_who_came_to_the_organisation_are_found_by_the_beginnings_of_their_names()
    {
        var (coordinator, stranger) = (Guid.NewGuid(), Guid.NewGuid());
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        await host.ApprovedOrganisationAsync(stranger);
        var (semyonova, petrova) = (await VolunteerAsync("Семёнова-Тян"), await VolunteerAsync("Петрова"));
        await VolunteerAsync("Семёнова");
        Apply(semyonova, organisation);
        Apply(petrova, organisation);

        await Eventually.Is(async () => (await FoundAsync("анна")).ShouldBe([petrova, semyonova]));
        (await FoundAsync("СЕМЕНОВА")).ShouldBe([semyonova]);
        (await FoundAsync("ан пет")).ShouldBe([petrova]);
        (await FoundAsync("тян")).ShouldBeEmpty();
        (await FoundAsync("етрова")).ShouldBeEmpty();
        (await FoundAsync("..")).ShouldBeEmpty();

        using var foreign = await host.Person(stranger).GetResponseAsync($"/api/v1/organisations/{organisation}/people?q=анна");
        await foreign.ShouldBeAsync(HttpStatusCode.NotFound);
        using var empty = await host.Person(coordinator).GetResponseAsync($"/api/v1/organisations/{organisation}/people?q=%20");
        (await empty.ProblemAsync(HttpStatusCode.BadRequest)).Errors.ShouldNotBeNull().Keys.ShouldBe(["q"]);

        async Task<IEnumerable<Guid>> FoundAsync(string q) =>
            (await host.Person(coordinator).GetJsonAsync<IReadOnlyList<VolunteerName>>($"/api/v1/organisations/{organisation}/people?q={q}"))
                .Select(name => name.Id);
    }

    [Theory]
    [InlineData("anna")]
    [InlineData("0198c0de-0000-7000-8000-000000000001,x")]
    public async Task ids_of_another_shape_are_refused(string ids)
    {
        using var response = await host.Person(Guid.NewGuid()).GetResponseAsync($"/api/v1/volunteers/names?ids={ids}");
        (await response.ProblemAsync(HttpStatusCode.BadRequest)).Errors.ShouldNotBeNull().Keys.ShouldBe(["ids"]);
    }

    [Fact]
    public async Task at_most_200_names_are_asked_for()
    {
        (await NamesAsync(host.Person(Guid.NewGuid()), [.. Enumerable.Range(0, 200).Select(_ => Guid.NewGuid())])).ShouldBeEmpty();
        using var response = await host.Person(Guid.NewGuid())
            .GetResponseAsync($"/api/v1/volunteers/names?ids={string.Join(',', Enumerable.Range(0, 201).Select(_ => Guid.NewGuid()))}");
        await response.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task nobody_learns_names_without_signing_in()
    {
        using var response = await host.Anonymous().GetResponseAsync($"/api/v1/volunteers/names?ids={Guid.NewGuid()}");
        await response.ProblemAsync(HttpStatusCode.Unauthorized);
        using var analyst = await host.Machine("an-analyst", "events").GetResponseAsync($"/api/v1/volunteers/names?ids={Guid.NewGuid()}");
        await analyst.ProblemAsync(HttpStatusCode.Forbidden);
    }
}
