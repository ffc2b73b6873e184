using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using VolunteerBook.Contracts;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Profiles.Tests.Organisations;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests;

/// <summary>What leaves the service as events: to analysts and to other services.</summary>
[Trait("Feature", "F4")]
public sealed class FeedsTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private async Task<(Guid Volunteer, Guid Organisation, string Kid)> SomethingHappensAsync()
    {
        var volunteer = Guid.NewGuid();
        using var registered = await host.Person(volunteer).PostJsonAsync("/api/v1/volunteers", new
        {
            name = new { family = "Неповторимова", given = "Анна" },
            birthDate = "1999-01-31",
            region = "RU-SPE",
            contacts = new { email = "unrepeatable@example.org" },
        });
        await registered.ShouldBeAsync(HttpStatusCode.Created);
        var owner = Guid.NewGuid();
        var organisation = await host.ApprovedOrganisationAsync(owner);
        var client = host.Person(owner);
        using var pair = Es256Key.Create();
        var jwk = pair.Jwk();
        using var key = await client.PostJsonAsync(
            $"/api/v1/organisations/{organisation}/keys",
            new { name = "Ноутбук Неповторимовой", jwk, proof = await client.ProveAsync(organisation, pair) }, version: 3);
        await key.ShouldBeAsync(HttpStatusCode.Created);
        using var revoked = await client.PostJsonAsync(
            $"/api/v1/organisations/{organisation}/keys/{jwk.Thumbprint()}/revocation", new { reason = "Неповторимова потеряла" }, version: 4);
        await revoked.ShouldBeAsync(HttpStatusCode.NoContent);
        using var appointed = await client.PostJsonAsync($"/api/v1/organisations/{organisation}/coordinators", new { personId = volunteer }, version: 5);
        await appointed.ShouldBeAsync(HttpStatusCode.Created);
        using var removed = await client.DeleteAsync($"/api/v1/organisations/{organisation}/coordinators/{volunteer}", version: 6);
        await removed.ShouldBeAsync(HttpStatusCode.NoContent);
        return (volunteer, organisation, jwk.Thumbprint());
    }

    [Fact]
    public async Task the_analysts_feed_holds_no_personal_data_and_no_free_text()
    {
        var (volunteer, organisation, _) = await SomethingHappensAsync();
        var analyst = host.Machine("analyst", "events");
        await Eventually.Is(async () =>
        {
            var text = await analyst.GetStringAsync(new Uri("/api/v1/events/profiles", UriKind.Relative), TestContext.Current.CancellationToken);
            var events = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
            events.Count(e => e.GetProperty("subject").GetString() == organisation.ToString()).ShouldBe(7);
            var registered = events.Single(e => e.GetProperty("subject").GetString() == volunteer.ToString());
            registered.GetProperty("data").GetProperty("region").GetString().ShouldBe("RU-SPE");
            foreach (var data in events.Select(e => e.GetProperty("data")))
            {
                foreach (var name in new[] { "personal", "label", "reason", "proof" })
                {
                    data.TryGetProperty(name, out _).ShouldBeFalse();
                }
            }

            text.ShouldNotContain("Неповторимов");
            text.ShouldNotContain("example.org");
        });

        foreach (var client in new[] { host.Person(volunteer), host.Machine("services", "integration"), host.Machine("a-system", "organisation") })
        {
            using var response = await client.GetResponseAsync("/api/v1/events/profiles");
            await response.ProblemAsync(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task other_services_learn_facts_in_order_with_the_streams_version()
    {
        var (volunteer, organisation, kid) = await SomethingHappensAsync();
        var services = host.Machine("services", "integration");
        await Eventually.Is(async () =>
        {
            var messages = (await services.PublishedAsync()).Select(message => message.Deserialize<IntegrationMessage>(Http.Json)!).ToList();

            T One<T>(Func<T, bool> which) =>
                messages.Where(message => message.Type == typeof(T).Name).Select(message => message.Data.Deserialize<T>(Http.Json)!).Single(which);
            One<VolunteerRegisteredV1>(e => e.VolunteerId == volunteer).Region.ShouldBe("RU-SPE");
            var approved = One<OrganisationApprovedV1>(e => e.OrganisationId == organisation);
            (approved.Name, approved.Region, approved.Version).ShouldBe(("Рука помощи", "RU-MOW", 2));
            One<CoordinatorAppointedV1>(e => e.OrganisationId == organisation && e.PersonId != volunteer).Version.ShouldBe(3);
            (One<SigningKeyRegisteredV1>(e => e.OrganisationId == organisation) is { Kid: var registered, Version: 4, ValidUntil: null } && registered == kid)
                .ShouldBeTrue();
            (One<SigningKeyRevokedV1>(e => e.OrganisationId == organisation) is { Kid: var revoked, Version: 5 } && revoked == kid).ShouldBeTrue();
            One<CoordinatorAppointedV1>(e => e.OrganisationId == organisation && e.PersonId == volunteer).Version.ShouldBe(6);
            One<CoordinatorRemovedV1>(e => e.OrganisationId == organisation).Version.ShouldBe(7);

            var text = Regex.Unescape(string.Concat(messages.Select(message => message.Data.GetRawText())));
            text.ShouldContain("Рука помощи");
            text.ShouldNotContain("Неповторимов");
            text.ShouldNotContain("personal");
        });

        using var person = await host.Person(volunteer).GetResponseAsync("/integration-events?after=0");
        await person.ProblemAsync(HttpStatusCode.Forbidden);
    }
}
