using System.Net;
using System.Text.Json;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.PeopleLists;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Volunteers;

/// <summary>Who is meant by the people in an organisation's document: told of those who came to it, and of nobody else.</summary>
[Trait("Feature", "F11")]
public sealed class PeopleListTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    [Theory]
    [InlineData("Иванова Анна Петровна", null, true)]
    [InlineData("  иванова   АННА ", null, true)]
    [InlineData("Анна Петровна Иванова", null, true)]
    [InlineData("Иванова А. П.", null, false)]
    [InlineData("А.П. Иванова", null, false)]
    [InlineData("Иванова А.", null, false)]
    [InlineData("Иванова", null, false)]
    [InlineData("Иванова Анна Ивановна", null, null)]
    [InlineData("Иванова Б. П.", null, null)]
    [InlineData("Иванова Алла Петровна", null, null)]
    [InlineData("Анна", null, null)]
    [InlineData("", null, null)]
    [InlineData(null, "ANNA@example.org", true)]
    [InlineData(null, "anna@example.com", null)]
    [InlineData("Иванова Анна", "anna@example.org", true)]
    [InlineData("Иванова Анна", "other@example.org", false)]
    [InlineData("Сидорова Анна", "anna@example.org", false)]
    public void a_name_or_an_address_means_somebody(string? name, string? email, bool? agrees) =>
        new WhoIsMeant(new ListedPerson(name, email)).Agrees(new PersonalDetails(
            new PersonName("Иванова", "Анна", "Петровна"), new DateOnly(1999, 1, 31), new Contacts("anna@example.org"))).ShouldBe(agrees);

    [Fact]
    public void names_of_several_words_and_with_yo_are_found() =>
        new WhoIsMeant(new ListedPerson("Семенова-Тян Анна Мария", null)).Agrees(new PersonalDetails(
            new PersonName("Семёнова-Тян", "Анна Мария"), new DateOnly(1999, 1, 31), new Contacts())).ShouldBe(true);

    private async Task<Guid> VolunteerAsync(string family, string email)
    {
        var id = Guid.NewGuid();
        using var response = await host.Person(id).PostJsonAsync(
            "/api/v1/volunteers", new { name = new { family, given = "Анна" }, birthDate = "1999-01-31", region = "RU-MOW", contacts = new { email } });
        await response.ShouldBeAsync(HttpStatusCode.Created);
        return id;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, Guid organisation, Guid list, string numbers = "1,2,3") =>
        await client.GetJsonAsync<JsonElement>($"/api/v1/organisations/{organisation}/people-lists/{list}?numbers={numbers}");

    [Fact]
    public async Task candidates_are_those_who_came_to_the_organisation_and_nobody_else_by_name_or_by_address()
    {
        var (coordinator, stranger, list) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var (organisation, other) = (await host.ApprovedOrganisationAsync(coordinator), await host.ApprovedOrganisationAsync(stranger));
        var (came, elsewhere) = (await VolunteerAsync("Пришедшая", "came@example.org"), await VolunteerAsync("Нездешняя", "elsewhere@example.org"));
        host.Vacancies.Publish(new ApplicationSubmittedV1(Guid.NewGuid(), Guid.NewGuid(), organisation, came, DateTimeOffset.UtcNow));
        host.Vacancies.Publish(new ApplicationSubmittedV1(Guid.NewGuid(), Guid.NewGuid(), other, elsewhere, DateTimeOffset.UtcNow));

        var people = new object[] { new { name = "Пришедшая Анна" }, new { name = "Нездешняя Анна" }, new { email = "elsewhere@example.org" } };
        foreach (var client in new[] { host.Person(stranger), host.Person(came), host.Administrator() })
        {
            (await client.PutJsonAsync($"/api/v1/organisations/{organisation}/people-lists/{list}", new { people })).StatusCode
                .ShouldBe(HttpStatusCode.NotFound);
        }

        (await host.Person(coordinator).PutJsonAsync(
            $"/api/v1/organisations/{organisation}/people-lists/{list}",
            new { people = new[] { new { name = new string('я', 301) } } })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        await (await host.Person(coordinator).PutJsonAsync($"/api/v1/organisations/{organisation}/people-lists/{list}", new { people }))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await Eventually.Is(
            async () => (await GetAsync(host.Person(coordinator), organisation, list))[0].GetProperty("candidates").GetArrayLength().ShouldBe(1));
        var told = await GetAsync(host.Person(coordinator), organisation, list);
        told[0].GetProperty("candidates")[0].ToString().ShouldBe($$"""{"volunteerId":"{{came}}","displayName":"Пришедшая Анна","agreesInAll":true}""");
        (await GetAsync(host.Person(coordinator), organisation, list, "1&candidates=false"))[0].ToString()
            .ShouldBe("""{"number":1,"name":"Пришедшая Анна","email":null,"candidates":[]}""");
        // Somebody with a book elsewhere and somebody without one look the same.
        told[1].GetProperty("candidates").GetArrayLength().ShouldBe(0);
        told[2].GetProperty("candidates").GetArrayLength().ShouldBe(0);
        told[2].GetProperty("email").GetString().ShouldBe("elsewhere@example.org");

        // Another organisation neither reads the list nor takes its place by the same name for it.
        foreach (var (client, of) in new[] { (host.Person(stranger), organisation), (host.Person(stranger), other), (host.Person(coordinator), other) })
        {
            (await client.GetResponseAsync($"/api/v1/organisations/{of}/people-lists/{list}?numbers=1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        // What the document says lies sealed, under a key of the list's own.
        await using var database = NpgsqlDataSource.Create(host.Database);
        await using var command = database.CreateCommand(
            "select count(*) from people.mt_doc_peoplelist where data::text ilike '%Нездешняя%' or data::text ilike '%elsewhere%'");
        ((long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).ShouldBe(0);
    }

    [Fact]
    public async Task a_list_ends_with_its_key_when_its_time_is_over()
    {
        var (coordinator, list) = (Guid.NewGuid(), Guid.NewGuid());
        var organisation = await host.ApprovedOrganisationAsync(coordinator);
        await (await host.Person(coordinator)
            .PutJsonAsync($"/api/v1/organisations/{organisation}/people-lists/{list}", new { people = new[] { new { name = "Давнишняя Анна" } } }))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        var store = host.Services.GetRequiredService<IDocumentStore>();
        var id = PeopleList.IdOf(organisation, list);
        await using (var session = store.LightweightSession())
        {
            var kept = (await session.LoadAsync<PeopleList>(id, TestContext.Current.CancellationToken))!;
            session.Store(kept with { At = kept.At - PeopleList.KeptFor - TimeSpan.FromMinutes(1) });
            await session.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        (await host.Person(coordinator).GetResponseAsync($"/api/v1/organisations/{organisation}/people-lists/{list}?numbers=1")).StatusCode
            .ShouldBe(HttpStatusCode.NotFound);
        await host.Services.GetServices<IWhileLeading>().OfType<EndPeopleLists>().Single().EndAsync(TestContext.Current.CancellationToken);
        await using var look = store.QuerySession();
        (await look.LoadAsync<PeopleList>(id, TestContext.Current.CancellationToken)).ShouldBeNull();
    }
}
