using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Shouldly;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Organisations;

[Trait("Feature", "F37")]
public sealed class OrganisationsApiTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private const string Organisations = "/api/v1/organisations";

    private static string Of(Guid id, string part = "") => $"{Organisations}/{id}{part}";

    private async Task<(Guid Id, string Ogrn)> PendingAsync(Guid by, string name = "Рука помощи", string region = "RU-MOW")
    {
        var ogrn = ProfilesHost.NewOgrn();
        using var response = await host.Person(by).PostJsonAsync(Organisations, new { name, ogrn, region });
        return (await response.IdAsync(), ogrn);
    }

    private static async Task<IReadOnlyList<OrganisationView>> AllPagesAsync(HttpClient client, string query, int limit)
    {
        var found = new List<OrganisationView>();
        string? after = null;
        do
        {
            var page = await client.GetJsonAsync<Page<OrganisationView>>($"{Organisations}?limit={limit}&{query}&after={after}");
            page.Items.Count.ShouldBeLessThanOrEqualTo(limit);
            found.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return found;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task of_many_who_register_one_number_at_once_one_does_and_the_others_are_told_that_it_is_registered(bool withKeys)
    {
        var ogrn = ProfilesHost.NewOgrn();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            host.Person(Guid.NewGuid()).PostJsonAsync(
                Organisations, new { name = $"Рука помощи {number}", ogrn, region = "RU-MOW" }, idempotencyKey: withKeys ? Guid.NewGuid().ToString() : null)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var lost in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            await lost.ProblemAsync(HttpStatusCode.Conflict, "organisation-already-registered");
        }
    }

    [Fact]
    public async Task an_organisation_is_registered_approved_and_found()
    {
        var registrant = Guid.NewGuid();
        var ogrn = ProfilesHost.NewOgrn();
        using var registered = await host.Person(registrant).PostJsonAsync(Organisations, new { name = " Фонд «Ёлка» № 5½ ", ogrn, region = "RU-TA" });
        var id = await registered.IdAsync();
        id.ShouldBe(Ogrn.IdOf(ogrn));
        registered.Version().ShouldBe(1);
        registered.Headers.Location.ShouldNotBeNull().ToString().ShouldBe(Of(id));

        using var approved = await host.Administrator().PostJsonAsync(Of(id, "/approval"), version: 1);
        await approved.ShouldBeAsync(HttpStatusCode.NoContent);
        approved.Version().ShouldBe(3);

        using var read = await host.Anonymous().GetResponseAsync(Of(id));
        await read.ShouldBeAsync(HttpStatusCode.OK);
        read.Version().ShouldBe(3);
        (await read.JsonAsync<OrganisationView>()).ShouldBe(new OrganisationView(id, "Фонд «Ёлка» № 5½", ogrn, "RU-TA", OrganisationStatus.Approved, null));

        foreach (var query in new[]
        {
            "q=елка",
            "q=ЁЛК",
            $"q={Uri.EscapeDataString("№ 5½ елка")}",
            "q=елка%20фонд",
            $"q={ogrn[..9]}",
            $"q={Uri.EscapeDataString("«ёлка» ")}",
            $"region=RU-TA&q={ogrn}",
            $"status=approved&q={ogrn}",
        })
        {
            (await AllPagesAsync(host.Anonymous(), query, 50)).ShouldContain(organisation => organisation.Id == id, query);
        }

        foreach (var query in new[] { $"region=RU-MOW&q={ogrn}", "q=%25", "q=_лка", "q=нет%20такой", "q=елка%20сад" })
        {
            (await AllPagesAsync(host.Anonymous(), query, 50)).ShouldNotContain(organisation => organisation.Id == id, query);
        }
    }

    [Fact]
    public async Task before_approval_only_the_registrant_and_the_administrator_see_it()
    {
        var registrant = Guid.NewGuid();
        var (id, ogrn) = await PendingAsync(registrant);
        foreach (var client in new[] { host.Anonymous(), host.Person(Guid.NewGuid()), host.Machine("a-system", "organisation") })
        {
            using var foreign = await client.GetResponseAsync(Of(id));
            var absent = await (await client.GetResponseAsync(Of(Guid.NewGuid()))).ProblemAsync(HttpStatusCode.NotFound);
            (await foreign.ProblemAsync(HttpStatusCode.NotFound)).ShouldBe(absent with { TraceId = null, More = null, Errors = null }, Alike.Instance);
        }

        foreach (var client in new[] { host.Person(registrant), host.Administrator() })
        {
            (await client.GetJsonAsync<OrganisationView>(Of(id))).Status.ShouldBe(OrganisationStatus.Pending);
        }

        (await AllPagesAsync(host.Anonymous(), $"q={ogrn}", 50)).ShouldBeEmpty();
        (await AllPagesAsync(host.Administrator(), $"q={ogrn}", 50)).ShouldBeEmpty();
        (await AllPagesAsync(host.Administrator(), $"q={ogrn}&status=pending", 50)).Select(organisation => organisation.Id).ShouldBe([id]);

        using var anonymous = await host.Anonymous().GetResponseAsync($"{Organisations}?status=pending");
        await anonymous.ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
        using var person = await host.Person(registrant).GetResponseAsync($"{Organisations}?status=pending");
        await person.ProblemAsync(HttpStatusCode.Forbidden, "not-allowed");
    }

    [Fact]
    public async Task the_same_ogrn_is_registered_once_even_at_the_same_time()
    {
        var ogrn = ProfilesHost.NewOgrn();
        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            host.Person(Guid.NewGuid()).PostJsonAsync(Organisations, new { name = $"Фонд {number}", ogrn, region = "RU-MOW" })));
        responses.Count(response => response.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.Created))
        {
            await refused.ProblemAsync(HttpStatusCode.Conflict, "organisation-already-registered");
        }

        using var later = await host.Person(Guid.NewGuid()).PostJsonAsync(Organisations, new { name = "Фонд", ogrn = $" {ogrn}", region = "RU-MOW" });
        await later.ProblemAsync(HttpStatusCode.Conflict, "organisation-already-registered");
    }

    [Theory]
    [InlineData("""{"name":"Фонд","ogrn":"1027700132194","region":"RU-MOW"}""", "ogrn")]
    [InlineData("""{"name":"Фонд","ogrn":1027700132195,"region":"RU-MOW"}""", "ogrn")]
    [InlineData("""{"name":"Фонд","region":"RU-MOW"}""", "ogrn")]
    [InlineData("""{"name":"Фонд","ogrn":null,"region":"RU-MOW"}""", "ogrn")]
    [InlineData("""{"name":"","ogrn":"1027700132195","region":"RU-MOW"}""", "name")]
    [InlineData("""{"name":"Фонд","ogrn":"1027700132195","region":"Москва"}""", "region")]
    public async Task bad_input_is_refused_with_the_field_that_is_bad(string json, string field)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var response = await host.Person(Guid.NewGuid())
            .PostAsync(new Uri(Organisations, UriKind.Relative), content, TestContext.Current.CancellationToken);
        (await response.ProblemAsync(HttpStatusCode.BadRequest)).Errors.ShouldNotBeNull().Keys.ShouldBe([field]);
    }

    [Fact]
    public async Task only_the_administrator_approves_and_refuses()
    {
        var registrant = Guid.NewGuid();
        var (id, _) = await PendingAsync(registrant);
        foreach (var part in new[] { "/approval", "/refusal" })
        {
            object? body = part == "/refusal" ? new { reason = "Так" } : null;
            using var nobody = await host.Anonymous().PostJsonAsync(Of(id, part), body, version: 1);
            await nobody.ProblemAsync(HttpStatusCode.Unauthorized);
            foreach (var client in new[]
            {
                host.Person(registrant),
                host.Person(Guid.NewGuid()),
                host.Machine("a-system", "organisation"),
                host.Machine("services", "integration"),
            })
            {
                using var response = await client.PostJsonAsync(Of(id, part), body, version: 1);
                await response.ProblemAsync(HttpStatusCode.Forbidden);
            }

            using var absent = await host.Administrator().PostJsonAsync(Of(Guid.NewGuid(), part), body, version: 1);
            await absent.ProblemAsync(HttpStatusCode.NotFound);
            using var missing = await host.Administrator().PostJsonAsync(Of(id, part), body);
            await missing.ProblemAsync((HttpStatusCode)428, "version-required");
            using var stale = await host.Administrator().PostJsonAsync(Of(id, part), body, version: 2);
            await stale.ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        }
    }

    [Fact]
    public async Task a_refused_organisation_is_registered_again()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        var (id, ogrn) = await PendingAsync(first);
        using var refused = await host.Administrator().PostJsonAsync(Of(id, "/refusal"), new { reason = "Не найдена" }, version: 1);
        await refused.ShouldBeAsync(HttpStatusCode.NoContent);
        (await host.Person(first).GetJsonAsync<OrganisationView>(Of(id)))
            .ShouldBe(new OrganisationView(id, "Рука помощи", ogrn, "RU-MOW", OrganisationStatus.Refused, "Не найдена"));

        using var again = await host.Person(second).PostJsonAsync(Organisations, new { name = "Рука помощи СПб", ogrn, region = "RU-SPE" });
        (await again.IdAsync()).ShouldBe(id);
        again.Version().ShouldBe(3);
        using var approved = await host.Administrator().PostJsonAsync(Of(id, "/approval"), version: 3);
        await approved.ShouldBeAsync(HttpStatusCode.NoContent);
        (await host.Person(second).GetJsonAsync<IReadOnlyList<OrganisationView>>($"{Organisations}/mine"))
            .ShouldBe([new OrganisationView(id, "Рука помощи СПб", ogrn, "RU-SPE", OrganisationStatus.Approved, null)]);
        (await host.Person(first).GetJsonAsync<IReadOnlyList<OrganisationView>>($"{Organisations}/mine")).ShouldBeEmpty();
    }

    [Fact]
    public async Task mine_are_those_that_i_coordinate_or_registered()
    {
        var (one, two) = (Guid.NewGuid(), Guid.NewGuid());
        var approved = await host.ApprovedOrganisationAsync(one, "Берег");
        var (pending, _) = await PendingAsync(one, "Арбат");
        (await host.Person(one).GetJsonAsync<IReadOnlyList<OrganisationView>>($"{Organisations}/mine")).Select(organisation => organisation.Id)
            .ShouldBe([pending, approved]);
        (await host.Person(two).GetJsonAsync<IReadOnlyList<OrganisationView>>($"{Organisations}/mine")).ShouldBeEmpty();

        using var later = await host.Person(one).PostJsonAsync(
            Of(approved, "/coordinators"), new { personId = two, from = DateTimeOffset.UtcNow.AddDays(1) }, version: 3);
        await later.ShouldBeAsync(HttpStatusCode.Created);
        (await host.Person(two).GetJsonAsync<IReadOnlyList<OrganisationView>>($"{Organisations}/mine")).ShouldBeEmpty();
        using var now = await host.Person(one).PostJsonAsync(Of(approved, "/coordinators"), new { personId = two }, version: 4);
        await now.ShouldBeAsync(HttpStatusCode.Created);
        (await host.Person(two).GetJsonAsync<IReadOnlyList<OrganisationView>>($"{Organisations}/mine")).Select(organisation => organisation.Id)
            .ShouldBe([approved]);
    }

    [Fact]
    public async Task pages_join_to_the_whole_list_in_the_order_of_names()
    {
        var coordinator = Guid.NewGuid();
        var mark = $"стр{Random.Shared.Next(1_000_000)}";
        string[] names = ["яблоко", "Ёж", "ель", "Арбуз", "арбуз", "банан", "Б"];
        foreach (var name in names)
        {
            await host.ApprovedOrganisationAsync(coordinator, $"{name} {mark}");
        }

        var whole = await AllPagesAsync(host.Anonymous(), $"q={mark}", 200);
        whole.Count.ShouldBe(names.Length);
        foreach (var limit in new[] { 1, 2, 3, 7 })
        {
            (await AllPagesAsync(host.Anonymous(), $"q={mark}", limit)).ShouldBe(whole);
        }
    }

    [Theory]
    [InlineData("status=closed", "status")]
    [InlineData("status=1", "status")]
    [InlineData("region=Москва", "region")]
    [InlineData("after=***", "after")]
    [InlineData("q=a%00b", "q")]
    public async Task a_list_refuses_what_it_does_not_know(string query, string field)
    {
        using var response = await host.Administrator().GetResponseAsync($"{Organisations}?{query}");
        (await response.ProblemAsync(HttpStatusCode.BadRequest)).Errors.ShouldNotBeNull().Keys.ShouldBe([field]);
    }

    [Fact]
    public async Task coordinators_are_appointed_and_removed_by_a_coordinator_or_the_administrator()
    {
        var (one, two, three) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var id = await host.ApprovedOrganisationAsync(one);
        var until = new DateTimeOffset(DateTimeOffset.UtcNow.Year + 2, 1, 1, 0, 0, 0, TimeSpan.FromHours(3));

        using var byOne = await host.Person(one).PostJsonAsync(Of(id, "/coordinators"), new { personId = two, until }, version: 3);
        await byOne.ShouldBeAsync(HttpStatusCode.Created);
        byOne.Version().ShouldBe(4);
        using var byTwo = await host.Person(two).PostJsonAsync(Of(id, "/coordinators"), new { personId = three }, version: 4);
        await byTwo.ShouldBeAsync(HttpStatusCode.Created);

        using var listed = await host.Administrator().GetResponseAsync(Of(id, "/coordinators"));
        listed.Version().ShouldBe(5);
        var coordinators = await listed.JsonAsync<IReadOnlyList<Coordinator>>();
        coordinators.Select(coordinator => coordinator.PersonId).ShouldBe([one, two, three]);
        coordinators[1].Until.ShouldBe(until);

        using var byAdministrator = await host.Administrator().DeleteAsync(Of(id, $"/coordinators/{one}"), version: 5);
        await byAdministrator.ShouldBeAsync(HttpStatusCode.NoContent);
        using var gone = await host.Person(one).GetResponseAsync(Of(id, "/coordinators"));
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var byHimself = await host.Person(two).DeleteAsync(Of(id, $"/coordinators/{two}"), version: 6);
        await byHimself.ShouldBeAsync(HttpStatusCode.NoContent);
        using var last = await host.Person(three).DeleteAsync(Of(id, $"/coordinators/{three}"), version: 7);
        await last.ProblemAsync(HttpStatusCode.Conflict, "last-coordinator");
        using var stranger = await host.Person(three).DeleteAsync(Of(id, $"/coordinators/{one}"), version: 7);
        await stranger.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_pending_organisation_has_no_coordinators_yet()
    {
        var registrant = Guid.NewGuid();
        var (id, _) = await PendingAsync(registrant);
        using var byRegistrant = await host.Person(registrant).PostJsonAsync(Of(id, "/coordinators"), new { personId = Guid.NewGuid() }, version: 1);
        await byRegistrant.ProblemAsync(HttpStatusCode.NotFound);
        using var byAdministrator = await host.Administrator().PostJsonAsync(Of(id, "/coordinators"), new { personId = Guid.NewGuid() }, version: 1);
        await byAdministrator.ProblemAsync(HttpStatusCode.Conflict, "organisation-not-approved");
    }

    [Fact]
    public async Task to_a_stranger_an_organisations_inside_does_not_exist()
    {
        var owner = Guid.NewGuid();
        var other = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        await host.ApprovedOrganisationAsync(other);
        var jwk = JwkTests.Fresh();
        foreach (var client in new[] { host.Person(other), host.Person(Guid.NewGuid()), host.Machine("a-system", "organisation") })
        {
            foreach (var target in new[] { id, Guid.NewGuid() })
            {
                HttpResponseMessage[] responses =
                [
                    await client.GetResponseAsync(Of(target, "/coordinators")),
                    await client.GetResponseAsync(Of(target, "/keys")),
                    await client.GetResponseAsync(Of(target, "/history")),
                    // Whatever the version and the body: a foreign one is absent before it is stale or wrong.
                    await client.PostJsonAsync(Of(target, "/coordinators"), new { personId = Guid.NewGuid() }, version: 99),
                    await client.DeleteAsync(Of(target, $"/coordinators/{owner}"), version: 99),
                    await client.PostJsonAsync(Of(target, "/keys"), new { name = "", jwk }, version: 99),
                    await client.PostJsonAsync(Of(target, $"/keys/{jwk.Thumbprint()}/revocation"), new { reason = "" }, version: 99),
                ];
                foreach (var response in responses)
                {
                    await response.ProblemAsync(HttpStatusCode.NotFound, "not-found");
                }
            }
        }
    }

    [Fact]
    public async Task everything_inside_needs_a_token()
    {
        var id = Guid.NewGuid();
        var client = host.Anonymous();
        HttpResponseMessage[] responses =
        [
            await client.PostJsonAsync(Organisations, new { name = "Фонд", ogrn = ProfilesHost.NewOgrn(), region = "RU-MOW" }),
            await client.GetResponseAsync($"{Organisations}/mine"),
            await client.GetResponseAsync(Of(id, "/coordinators")),
            await client.GetResponseAsync(Of(id, "/keys")),
            await client.GetResponseAsync(Of(id, "/history")),
            await client.PostJsonAsync(Of(id, "/coordinators"), new { personId = id }, version: 1),
            await client.DeleteAsync(Of(id, $"/coordinators/{id}"), version: 1),
            await client.PostJsonAsync(Of(id, "/keys"), new { name = "Ключ", jwk = JwkTests.Fresh() }, version: 1),
            await client.PostJsonAsync(Of(id, "/keys/kid/revocation"), new { reason = "Так" }, version: 1),
        ];
        foreach (var response in responses)
        {
            await response.ProblemAsync(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task changes_need_the_version_that_was_read()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        var client = host.Person(owner);
        foreach (var (version, status) in new[] { ((long?)null, 428), (2, 412), (4, 412) })
        {
            HttpResponseMessage[] responses =
            [
                await client.PostJsonAsync(Of(id, "/coordinators"), new { personId = Guid.NewGuid() }, version),
                await client.DeleteAsync(Of(id, $"/coordinators/{owner}"), version),
                await client.PostJsonAsync(Of(id, "/keys"), new { name = "Ключ", jwk = JwkTests.Fresh() }, version),
            ];
            foreach (var response in responses)
            {
                await response.ProblemAsync((HttpStatusCode)status);
            }
        }
    }

    [Fact]
    public async Task a_repeated_key_gives_the_same_answer_and_one_effect()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        using var pair = Es256Key.Create();
        var body = new { name = "Ключ", jwk = pair.Jwk(), proof = await host.Person(owner).ProveAsync(id, pair) };
        var key = Guid.NewGuid().ToString();
        using var first = await host.Person(owner).PostJsonAsync(Of(id, "/keys"), body, version: 3, idempotencyKey: key);
        using var second = await host.Person(owner).PostJsonAsync(Of(id, "/keys"), body, version: 3, idempotencyKey: key);
        foreach (var response in new[] { first, second })
        {
            await response.ShouldBeAsync(HttpStatusCode.Created);
            response.Version().ShouldBe(4);
            (await response.JsonAsync<SigningKeyId>()).Kid.ShouldBe(body.jwk.Thumbprint());
        }

        using var another = await host.Person(owner).PostJsonAsync(Of(id, "/keys"), new { name = "Другой", body.jwk }, version: 3, idempotencyKey: key);
        await another.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
        (await host.QueryAsync<long>("select count(*) from mt_events where stream_id = $1", id)).ShouldBe([4L]);
    }

    [Fact]
    [Trait("Feature", "F15")]
    public async Task a_key_is_registered_listed_and_revoked()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        using var pair = Es256Key.Create();
        var jwk = pair.Jwk();
        var until = DateTimeOffset.UtcNow.AddDays(90);
        // A browser's exported public key has these members besides.
        using var registered = await host.Person(owner).PostJsonAsync(Of(id, "/keys"), new
        {
            name = "Ноутбук",
            jwk = new { jwk.Kty, jwk.Crv, jwk.X, jwk.Y, ext = true, key_ops = new[] { "verify" } },
            validUntil = until,
            proof = await host.Person(owner).ProveAsync(id, pair),
        }, version: 3);
        await registered.ShouldBeAsync(HttpStatusCode.Created);
        var kid = (await registered.JsonAsync<SigningKeyId>()).Kid;
        kid.ShouldBe(jwk.Thumbprint());

        using var listed = await host.Person(owner).GetResponseAsync(Of(id, "/keys"));
        listed.Version().ShouldBe(4);
        var key = (await listed.JsonAsync<IReadOnlyList<SigningKeyView>>()).ShouldHaveSingleItem();
        (key.Kid, key.Name, key.Jwk, key.RevokedAt, key.Proven)
            .ShouldBe((kid, "Ноутбук", new Profiles.Registry.Organisations.PublicJwk("EC", "P-256", jwk.X, jwk.Y), null, true));
        key.ValidUntil.ShouldNotBeNull().ShouldBe(until, TimeSpan.FromMilliseconds(1));

        using var again = await host.Person(owner)
            .PostJsonAsync(Of(id, "/keys"), new { name = "Снова", jwk, proof = await host.Person(owner).ProveAsync(id, pair) }, version: 4);
        await again.ProblemAsync(HttpStatusCode.Conflict, "key-already-registered");

        using var revoked = await host.Person(owner).PostJsonAsync(Of(id, $"/keys/{kid}/revocation"), new { reason = "Потерян" }, version: 4);
        await revoked.ShouldBeAsync(HttpStatusCode.NoContent);
        var after = (await host.Administrator().GetJsonAsync<IReadOnlyList<SigningKeyView>>(Of(id, "/keys"))).ShouldHaveSingleItem();
        (after.RevocationReason, after.RevokedAt is null).ShouldBe(("Потерян", false));

        using var unknown = await host.Person(owner).PostJsonAsync(Of(id, "/keys/unknown/revocation"), new { reason = "Потерян" }, version: 5);
        await unknown.ProblemAsync(HttpStatusCode.NotFound);
        using var revive = await host.Person(owner)
            .PostJsonAsync(Of(id, "/keys"), new { name = "Снова", jwk, proof = await host.Person(owner).ProveAsync(id, pair) }, version: 5);
        await revive.ProblemAsync(HttpStatusCode.Conflict, "key-already-registered");
    }

    [Fact]
    [Trait("Feature", "F15")]
    public async Task a_certificate_by_gost_is_registered_listed_and_told()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        var now = DateTimeOffset.UtcNow;
        var signer = GostSigner.New(
            "CN=АНО «Ёж»", GostSigner.New("CN=Удостоверяющий центр", null, now.AddDays(-2), now.AddDays(9)), now.AddDays(-1), now.AddDays(8));

        using var registered = await host.Person(owner).PostJsonAsync(
            Of(id, "/keys"), new { name = "Токен", certificate = signer.Base64, proof = await host.Person(owner).ProveAsync(id, signer) }, version: 3);

        await registered.ShouldBeAsync(HttpStatusCode.Created);
        var kid = (await registered.JsonAsync<SigningKeyId>()).Kid;
        var key = (await host.Person(owner).GetJsonAsync<IReadOnlyList<SigningKeyView>>(Of(id, "/keys"))).ShouldHaveSingleItem();
        (key.Kid, key.Jwk, key.Certificate!.Subject, key.Certificate.Issuer, key.Certificate.Der)
            .ShouldBe((kid, null, "CN=АНО «Ёж»", "CN=Удостоверяющий центр", signer.Base64));
        key.ValidUntil.ShouldBe(key.Certificate.NotAfter);
        using var second = await host.Person(owner).PostJsonAsync(Of(id, "/keys"), new { name = "Токен", certificate = "MIIB" }, version: 4);
        await second.ProblemAsync(HttpStatusCode.BadRequest, "certificate-malformed");
        using var neither = await host.Person(owner).PostJsonAsync(Of(id, "/keys"), new { name = "Токен" }, version: 4);
        await neither.ProblemAsync(HttpStatusCode.BadRequest, "key-or-certificate");
    }

    [Fact]
    [Trait("Feature", "F15")]
    public async Task everybody_reads_an_approved_organisations_keys_those_of_the_past_too_and_nothing_more_of_it()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        var now = DateTimeOffset.UtcNow;
        using var pair = Es256Key.Create();
        var (jwk, signer) = (
            pair.Jwk(),
            GostSigner.New("CN=АНО «Ёж»", GostSigner.New("CN=Удостоверяющий центр", null, now.AddDays(-2), now.AddDays(9)), now.AddDays(-1), now.AddDays(8)));
        using var key = await host.Person(owner)
            .PostJsonAsync(Of(id, "/keys"), new { name = "Ноутбук Павла", jwk, proof = await host.Person(owner).ProveAsync(id, pair) }, version: 3);
        using var certificate = await host.Person(owner).PostJsonAsync(
            Of(id, "/keys"), new { name = "Токен", certificate = signer.Base64, proof = await host.Person(owner).ProveAsync(id, signer) }, version: 4);
        using var revoked = await host.Person(owner)
            .PostJsonAsync(Of(id, $"/keys/{jwk.Thumbprint()}/revocation"), new { reason = "Потерян в метро" }, version: 5);
        await revoked.ShouldBeAsync(HttpStatusCode.NoContent);

        using var anyone = host.Anonymous();
        using var answer = await anyone.GetResponseAsync(Of(id, "/jwks.json"));
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/jwk-set+json");
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var set = new JsonWebKeySet(text);
        var published = set.Keys.ShouldHaveSingleItem();
        (published.Kid, published.X, published.Y, published.Alg, published.Use).ShouldBe((jwk.Thumbprint(), jwk.X, jwk.Y, "ES256", "sig"));
        using var json = JsonDocument.Parse(text);
        json.RootElement.GetProperty("keys")[0]
            .GetProperty("revoked").GetProperty("revoked_at").GetInt64().ShouldBeInRange(now.ToUnixTimeSeconds() - 5, now.ToUnixTimeSeconds() + 600);
        json.RootElement.GetProperty("certificates")[0].GetProperty("x5c")[0].GetString().ShouldBe(signer.Base64);
        text.ShouldNotContain("метро");
        text.ShouldNotContain("Павла");

        var (pending, _) = await PendingAsync(owner);
        using var absent = await anyone.GetResponseAsync(Of(pending, "/jwks.json"));
        await absent.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Feature", "F15")]
    public async Task one_key_never_belongs_to_two_organisations_even_at_the_same_time()
    {
        using var pair = Es256Key.Create();
        var jwk = pair.Jwk();
        var owners = Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()).ToList();
        var organisations = new List<Guid>();
        foreach (var owner in owners)
        {
            organisations.Add(await host.ApprovedOrganisationAsync(owner));
        }

        var responses = await Task.WhenAll(owners.Zip(organisations, async (owner, id) =>
            await host.Person(owner)
                .PostJsonAsync(Of(id, "/keys"), new { name = "Ключ", jwk, proof = await host.Person(owner).ProveAsync(id, pair) }, version: 3)));
        responses.Count(response => response.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.Created))
        {
            await refused.ProblemAsync(HttpStatusCode.Conflict, "key-already-registered");
        }

        (await host.QueryAsync<long>("select count(*) from mt_events where type = 'signing_key_registered' and data ->> 'kid' = $1", jwk.Thumbprint()))
            .ShouldBe([1L]);
    }

    [Fact]
    [Trait("Feature", "F15")]
    public async Task a_proof_serves_once_for_who_asked_and_for_the_organisation_it_was_asked_for()
    {
        var (owner, colleague, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var (id, foreign) = (await host.ApprovedOrganisationAsync(owner), await host.ApprovedOrganisationAsync(other));
        using var appointed = await host.Person(owner).PostJsonAsync(Of(id, "/coordinators"), new { personId = colleague }, version: 3);
        await appointed.ShouldBeAsync(HttpStatusCode.Created);
        using var pair = Es256Key.Create();
        var proof = await host.Person(owner).ProveAsync(id, pair);
        foreach (var (by, at, version, used, rule) in new (Guid, Guid, int, KeyProof?, string)[]
        {
            (owner, id, 4, null, "proof-missing"), (colleague, id, 4, proof, "proof-other-account"), (other, foreign, 3, proof, "proof-other-account"),
            (other, foreign, 3, pair.Prove(Proofs.Statements.Of(other, foreign, 3, DateTimeOffset.UtcNow.AddMinutes(9))), "proof-audience"),
        })
        {
            using var refused = await host.Person(by).PostJsonAsync(Of(at, "/keys"), new { name = "Ключ", jwk = pair.Jwk(), proof = used }, version);
            (await refused.ProblemAsync(HttpStatusCode.BadRequest, rule)).Errors.ShouldNotBeNull().Keys.ShouldHaveSingleItem().ShouldStartWith("proof");
        }

        using var stranger = await host.Person(other).GetResponseAsync(Of(id, "/keys/statement"));
        await stranger.ShouldBeAsync(HttpStatusCode.NotFound);
        using var administrator = await host.Administrator().GetResponseAsync(Of(id, "/keys/statement"));
        await administrator.ShouldBeAsync(HttpStatusCode.NotFound);
        using var registered = await host.Person(owner).PostJsonAsync(Of(id, "/keys"), new { name = "Ключ", jwk = pair.Jwk(), proof }, version: 4);
        await registered.ShouldBeAsync(HttpStatusCode.Created);
        using var replayed = await host.Person(owner).PostJsonAsync(Of(id, "/keys"), new { name = "Ключ", jwk = pair.Jwk(), proof }, version: 5);
        await replayed.ProblemAsync(HttpStatusCode.BadRequest, "proof-used");
    }

    [Fact]
    [Trait("Feature", "F15")]
    public async Task a_private_key_is_refused_and_kept_nowhere()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        const string Secret = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";
        var jwk = JwkTests.Fresh();
        using var response = await host.Person(owner).PostJsonAsync(
            Of(id, "/keys"), new { name = "Ключ", jwk = new { jwk.Kty, jwk.Crv, jwk.X, jwk.Y, d = Secret } }, version: 3,
            idempotencyKey: Guid.NewGuid().ToString());
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest, "private-key");
        problem.Errors.ShouldNotBeNull().Keys.ShouldBe(["jwk.d"]);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldNotContain(Secret);
        (await host.TablesHoldingAsync(Secret)).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Feature", "F39")]
    public async Task the_history_shows_who_changed_what()
    {
        var owner = Guid.NewGuid();
        var id = await host.ApprovedOrganisationAsync(owner);
        foreach (var client in new[] { host.Person(owner), host.Administrator() })
        {
            var changes = (await client.GetJsonAsync(Of(id, "/history"))).EnumerateArray().ToList();
            changes.Select(change => change.GetProperty("type").GetString())
                .ShouldBe(["organisation_registered", "organisation_approved", "coordinator_appointed"]);
            changes[0].GetProperty("by").GetString().ShouldBe(owner.ToString());
            changes[1].GetProperty("by").GetString().ShouldNotBe(owner.ToString());
            changes[1].GetProperty("correlationId").GetString().ShouldBe(changes[2].GetProperty("correlationId").GetString());
            changes[2].GetProperty("data").GetProperty("personId").GetGuid().ShouldBe(owner);
        }
    }

    [Fact]
    public async Task the_administrator_learns_who_asked_and_who_decided_by_name_and_nobody_else_does()
    {
        var owner = Guid.NewGuid();
        await (await host.Person(owner).PutJsonAsync("/api/v1/people/me", new { name = new { family = "Заявителева", given = "Ева" } }, version: 0))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        var (id, ogrn) = await PendingAsync(owner);
        var administrator = host.Administrator();
        var waiting = await administrator.GetJsonAsync<Admission>(Of(id, "/admission"));
        (waiting.Organisation.Status, waiting.AskedBy, waiting.Decision).ShouldBe((OrganisationStatus.Pending, owner, null));
        waiting.People.ShouldBe([new Actor(owner, "Заявителева Ева")]);

        await (await administrator.PostJsonAsync(Of(id, "/refusal"), new { reason = "Не найдена" }, version: 1)).ShouldBeAsync(HttpStatusCode.NoContent);
        using var read = await administrator.GetResponseAsync(Of(id, "/admission"));
        read.Version().ShouldBe(2);
        var refused = await read.JsonAsync<Admission>();
        var decision = refused.Decision.ShouldNotBeNull();
        (decision.Approved, decision.Reason).ShouldBe((false, "Не найдена"));
        decision.At.ShouldBeGreaterThanOrEqualTo(refused.AskedAt);
        refused.People.ShouldBe([new Actor(owner, "Заявителева Ева"), new Actor(decision.By.ShouldNotBeNull(), null)]);

        // Who asks again is a request of its own, on which nobody has decided.
        await (await host.Person(owner).PostJsonAsync(Organisations, new { name = "Рука помощи", ogrn, region = "RU-MOW" }))
            .ShouldBeAsync(HttpStatusCode.Created);
        (await administrator.GetJsonAsync<Admission>(Of(id, "/admission"))).Decision.ShouldBeNull();

        await (await host.Person(owner).GetResponseAsync(Of(id, "/admission"))).ProblemAsync(HttpStatusCode.Forbidden);
        await (await host.Anonymous().GetResponseAsync(Of(id, "/admission"))).ProblemAsync(HttpStatusCode.Unauthorized);
        await (await administrator.GetResponseAsync(Of(Guid.NewGuid(), "/admission"))).ProblemAsync(HttpStatusCode.NotFound);
    }

    /// <summary>Problems that a caller cannot tell apart: all but the trace.</summary>
    private sealed class Alike : IEqualityComparer<Problem>
    {
        public static Alike Instance { get; } = new();

        public bool Equals(Problem? x, Problem? y) =>
            x is not null && y is not null && (x.Type, x.Title, x.Status, x.Detail) == (y.Type, y.Title, y.Status, y.Detail);

        public int GetHashCode(Problem obj) => obj.Type.GetHashCode(StringComparison.Ordinal);
    }
}
