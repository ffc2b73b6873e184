using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Profiles.Registry.Invitations;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Organisations;

/// <summary>Colleagues are invited by mail, and are known to each other by name.</summary>
public sealed partial class InvitationsApiTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private readonly Guid founder = Guid.NewGuid();

    [Fact]
    public async Task who_follows_the_link_signed_in_and_with_a_name_is_a_coordinator_whom_colleagues_know_by_name()
    {
        var organisation = await host.ApprovedOrganisationAsync(founder);
        await NameAsync(founder, "Основателев", "Пётр");
        var (address, colleague) = (NewAddress(), host.Person(Guid.NewGuid()));
        var token = await InviteAsync(organisation, address);

        var offered = await colleague.GetJsonAsync($"/api/v1/invitations/{token}");
        offered.GetProperty("organisation").GetString().ShouldBe("Рука помощи");
        (await host.Anonymous().GetResponseAsync($"/api/v1/invitations/{token}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await (await colleague.PostJsonAsync($"/api/v1/invitations/{token}")).ProblemAsync(HttpStatusCode.Conflict, "no-name");
        var id = Guid.NewGuid();
        await NameAsync(id, "Коллегина", "Ева");
        await (await host.Person(id).PostJsonAsync($"/api/v1/invitations/{token}", new { }, idempotencyKey: "accept")).ShouldBeAsync(HttpStatusCode.NoContent);

        // Used, nobody finds it again, neither who used it.
        await (await host.Person(id).PostJsonAsync($"/api/v1/invitations/{token}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await colleague.GetResponseAsync($"/api/v1/invitations/{token}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        foreach (var seen in new[] { host.Person(id), host.Person(founder), host.Administrator() })
        {
            (await seen.GetJsonAsync<List<CoordinatorView>>($"/api/v1/organisations/{organisation}/coordinators")).Select(one => (one.PersonId, one.Name))
                .ShouldBe([(founder, "Основателев Пётр"), (id, "Коллегина Ева")]);
        }

        (await NamesAsync(id, founder, id))
            .ShouldBe([new VolunteerName(founder, "Основателев Пётр", false), new VolunteerName(id, "Коллегина Ева", false)], ignoreOrder: true);
        (await NamesAsync(Guid.NewGuid(), founder, id)).ShouldBeEmpty();

        // Neither address, name nor token is left where it does not belong.
        await Eventually.Is(async () => (await host.QueryAsync<long>("select count(*) from outgoing_mail where recipient = $1", address)).ShouldBe([0]));
        (await host.QueryAsync<long>(
            "select count(*) from registry.coordinator_invitations c where position($1 in c::text) > 0 or position($2 in c::text) > 0",
            address, token)).ShouldBe([0]);
        (await host.QueryAsync<long>("select count(*) from mt_events where data::text like '%Коллегина%' or position($1 in data::text) > 0", address))
            .ShouldBe([0]);
    }

    [Fact]
    public async Task whoever_was_appointed_by_id_is_not_named_by_that()
    {
        var (organisation, volunteer) = (await host.ApprovedOrganisationAsync(founder), Guid.NewGuid());
        await NameAsync(volunteer, "Посторонняя", "Вера");
        await (await host.Person(founder).PostJsonAsync($"/api/v1/organisations/{organisation}/coordinators", new { personId = volunteer }, version: 3))
            .ShouldBeAsync(HttpStatusCode.Created);

        (await NamesAsync(founder, volunteer)).ShouldBeEmpty();
        (await host.Person(founder).GetJsonAsync<List<CoordinatorView>>($"/api/v1/organisations/{organisation}/coordinators")).Select(one => one.Name)
            .ShouldBe([null, null]);
    }

    [Fact]
    public async Task an_invitation_is_listed_and_withdrawn_by_coordinators_and_their_number_is_bounded()
    {
        var organisation = await host.ApprovedOrganisationAsync(founder);
        var path = $"/api/v1/organisations/{organisation}/invitations";
        var address = NewAddress();
        var token = await InviteAsync(organisation, address);
        var waiting = (await host.Person(founder).GetJsonAsync<List<InvitationView>>(path)).ShouldHaveSingleItem();
        (waiting.Email, waiting.By, waiting.Version).ShouldBe((address, founder, 1));
        await PersonalDataTables.ShouldBeAsListedAsync(host.Database, "Profiles", address);

        var stranger = host.Person(Guid.NewGuid());
        await (await stranger.GetResponseAsync(path)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await stranger.PostJsonAsync(path, new InviteColleague(NewAddress()))).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await stranger.DeleteAsync($"{path}/{waiting.Id}", version: 1)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await host.Person(founder).DeleteAsync($"{path}/{waiting.Id}", version: 7)).ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await host.Person(founder).DeleteAsync($"{path}/{waiting.Id}", version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);

        (await host.Person(founder).GetJsonAsync<List<InvitationView>>(path)).ShouldBeEmpty();
        await (await host.Person(founder).GetResponseAsync($"/api/v1/invitations/{token}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        (await (await host.Person(founder).PostJsonAsync(path, new InviteColleague("нет"))).ProblemAsync(HttpStatusCode.BadRequest, "email-shape")).Errors!.Keys
            .ShouldBe(["email"]);
        // All at once: none gets past the bound beside another.
        var many = await Task.WhenAll(Enumerable.Range(0, InviteColleagueEndpoint.MostADay + 10)
            .Select(_ => host.Person(founder).PostJsonAsync(path, new InviteColleague(NewAddress()))));
        many.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(InviteColleagueEndpoint.MostADay - 1);
        many.Count(answer => answer.StatusCode == HttpStatusCode.Conflict).ShouldBe(11);
        await (await host.Person(founder).PostJsonAsync(path, new InviteColleague(NewAddress()))).ProblemAsync(HttpStatusCode.Conflict, "too-many-invitations");
    }

    [Fact]
    public async Task an_address_goes_thirty_days_after_its_link_ended_and_one_that_waits_stays()
    {
        var organisation = await host.ApprovedOrganisationAsync(founder);
        var (over, ended, waits) = (NewAddress(), NewAddress(), NewAddress());
        foreach (var address in new[] { over, ended, waits })
        {
            await InviteAsync(organisation, address);
        }

        foreach (var (address, days) in new[] { (over, 31), (ended, 29) })
        {
            (await host.QueryAsync<long>(
                """
                with aged as (
                    update registry.mt_doc_invitation set data = jsonb_set(data, '{until}', to_jsonb(now() - make_interval(days => $2)))
                    where id = (select invitation_id from registry.coordinator_invitations where email = $1) returning 1)
                select count(*) from aged
                """, address, days)).ShouldBe([1]);
        }

        await host.Services.GetServices<IWhileLeading>().OfType<RemoveWhatIsOver>().Single(remover => remover.Table == "registry.coordinator_invitations")
            .RemoveAsync(TestContext.Current.CancellationToken);

        (await host.QueryAsync<string>("select email from registry.coordinator_invitations where email = any($1)", (object)new[] { over, ended, waits }))
            .ShouldBe([ended, waits], ignoreOrder: true);
        (await host.Person(founder).GetJsonAsync<List<InvitationView>>($"/api/v1/organisations/{organisation}/invitations")).ShouldHaveSingleItem().Email
            .ShouldBe(waits);
    }

    [Fact]
    public async Task who_is_removed_while_inviting_invites_nobody()
    {
        var organisation = await host.ApprovedOrganisationAsync(founder);
        await using var database = NpgsqlDataSource.Create(host.Database);
        await using var removing = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await removing.BeginTransactionAsync(TestContext.Current.CancellationToken);
        foreach (var step in new[]
        {
            "select 1 from mt_streams where id = $1 for update",
            "update registry.mt_doc_organisation set data = jsonb_set(data, '{coordinators}', '[]') where id = $1",
        })
        {
            await using var command = new NpgsqlCommand(step, removing, transaction) { Parameters = { new() { Value = organisation } } };
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        // Lets the invitation come as far as the lock; it was allowed until there.
        var invited = host.Person(founder).PostJsonAsync($"/api/v1/organisations/{organisation}/invitations", new InviteColleague(NewAddress()));
        await Task.Delay(500, TestContext.Current.CancellationToken);
        invited.IsCompleted.ShouldBeFalse();
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await (await invited).ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public void an_invitation_serves_until_its_time_and_once()
    {
        var invited = Invitation.Create(new ColleagueInvited(Given.OrganisationId, founder, Given.Now.AddDays(14), Given.Now));

        invited.Serves(Given.Now.AddDays(14).AddTicks(-1)).ShouldBeTrue();
        invited.Serves(Given.Now.AddDays(14)).ShouldBeFalse();
        invited.Apply(new InvitationAccepted(Given.OrganisationId, founder, Given.Now)).Serves(Given.Now).ShouldBeFalse();
        invited.Apply(new InvitationWithdrawn(Given.OrganisationId, founder, Given.Now)).Serves(Given.Now).ShouldBeFalse();
    }

    [Fact]
    public async Task a_name_is_given_once_changed_by_version_and_is_the_books_where_there_is_one()
    {
        var person = host.Person(Guid.NewGuid());
        (await person.GetJsonAsync("/api/v1/people/me")).GetProperty("name").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        await (await person.PutJsonAsync("/api/v1/people/me", new { name = new { family = "", given = "Ева" } }, version: 0))
            .ProblemAsync(HttpStatusCode.BadRequest, "text-missing");
        (await (await person.PutJsonAsync("/api/v1/people/me", new { name = new { family = "Первая", given = "Ева" } }, version: 0))
            .ShouldBeAsync(HttpStatusCode.NoContent)).Version().ShouldBe(1);
        await (await person.PutJsonAsync("/api/v1/people/me", new { name = new { family = "Вторая", given = "Ева" } }, version: 0))
            .ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await person.PutJsonAsync("/api/v1/people/me", new { name = new { family = "Вторая", given = "Ева" } }, version: 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await person.GetJsonAsync("/api/v1/people/me")).GetProperty("name").GetProperty("family").GetString().ShouldBe("Вторая");

        await (await person.PostJsonAsync(
            "/api/v1/volunteers",
            new { name = new { family = "Книжная", given = "Ева" }, birthDate = "1999-01-31", region = "RU-MOW" })).ShouldBeAsync(HttpStatusCode.Created);
        (await person.GetJsonAsync("/api/v1/people/me")).GetProperty("name").GetProperty("family").GetString().ShouldBe("Книжная");
        await (await person.PutJsonAsync("/api/v1/people/me", new { name = new { family = "Третья", given = "Ева" } }, version: 2))
            .ProblemAsync(HttpStatusCode.Conflict, "name-in-book");
    }

    private static string NewAddress() => $"{Guid.NewGuid():n}@example.org";

    private async Task NameAsync(Guid person, string family, string given) =>
        await (await host.Person(person).PutJsonAsync("/api/v1/people/me", new { name = new { family, given } }, version: 0))
            .ShouldBeAsync(HttpStatusCode.NoContent);

    private Task<IReadOnlyList<VolunteerName>> NamesAsync(Guid reader, params Guid[] ids) =>
        host.Person(reader).GetJsonAsync<IReadOnlyList<VolunteerName>>($"/api/v1/volunteers/names?ids={string.Join(',', ids)}");

    private async Task<string> InviteAsync(Guid organisation, string address)
    {
        await (await host.Person(founder).PostJsonAsync($"/api/v1/organisations/{organisation}/invitations", new InviteColleague(address)))
            .ShouldBeAsync(HttpStatusCode.Created);
        return await Eventually.Value(() => Task.FromResult(Link().Match(host.Mail.To(address)
            .ShouldHaveSingleItem().Message.TextBody!) is { Success: true } link ? link.Groups[1].Value : throw new ShouldAssertException("no link")));
    }

    [GeneratedRegex(@"https://book\.example/invitation/([A-Za-z0-9_-]{43})")]
    private static partial Regex Link();
}
