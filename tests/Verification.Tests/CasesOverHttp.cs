using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Disputes;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;
using VolunteerBook.Verification.Reviews;

namespace VolunteerBook.Verification.Tests;

/// <summary>Verification's real host, with stand-ins for the feeds of the ledger and of Profiles.</summary>
public class VerificationHost : IAsyncLifetime
{
    public TestAuthority Authority { get; private set; } = null!;

    public ServiceHost<Cases.Case> Service { get; private set; } = null!;

    public TestPublisher Ledger { get; private set; } = null!;

    public TestPublisher Profiles { get; private set; } = null!;

    /// <summary>The people of documents that Profiles was told of, by list.</summary>
    public ConcurrentDictionary<(Guid Organisation, Guid Id), JsonElement> PeopleLists { get; } = new();

    /// <summary>What the ledger has of a submission, by entry and revision with a dot between.</summary>
    public ConcurrentDictionary<string, object> Said { get; } = new();

    /// <summary>Whether the ledger answers when it is asked what volunteers say.</summary>
    public bool LedgerAnswers { get; set; } = true;

    public string Database { get; private set; } = "";

    public ServiceSettings Settings { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Authority = await TestAuthority.StartAsync();
        Ledger = await TestPublisher.StartAsync("ledger", app => app.MapGet("/submissions", (string of, HttpRequest request) =>
            !LedgerAnswers ? Results.StatusCode(503)
            : TestAuthority.SubjectOf(request) != "services" ? Results.Unauthorized()
            : Results.Json(of.Split(',').Where(Said.ContainsKey).Select(one => Said[one]))));
        Profiles = await TestPublisher.StartAsync("profiles", app =>
        {
            app.MapGet("/api/v1/volunteers/names", (Guid ids) => new[] { new { id = ids, displayName = "Ёлкина Агния", erased = false } });
            app.MapPut(
                "/api/v1/organisations/{organisation}/people-lists/{id}",
                (Guid organisation, Guid id, JsonElement list) => PeopleLists[(organisation, id)] = list);
        });
        Database = await TestInfrastructure.CreateDatabaseAsync("verification");
        var settings = ServiceSettings.For("verification", Database, await TestInfrastructure.CreateVirtualHostAsync(), Authority)
            .WithService("ledger", Ledger.Address)
            .WithService("profiles", Profiles.Address)
            .With("CatchUp:Interval", "00:00:00.1")
            .With("Escalation:Look", "00:00:00.2");
        Settings = await WithAsync(settings);
        Service = await ServiceHost.StartAsync<Cases.Case>(Settings);
    }

    protected virtual Task<ServiceSettings> WithAsync(ServiceSettings settings) => Task.FromResult(settings);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Service.DisposeAsync();
        await Ledger.DisposeAsync();
        await Profiles.DisposeAsync();
        await Authority.DisposeAsync();
    }

    /// <summary>How many messages of the contract others were told about the case.</summary>
    public async Task<long> ToldAsync(string contract, Guid caseId)
    {
        var published = await Service.Client(Authority.MachineToken("services", "integration")).PublishedAsync();
        return published.Count(message => message.GetProperty("type").GetString() == contract
            && message.GetProperty("data").GetProperty("caseId").GetGuid() == caseId);
    }

    public HttpClient Person(Guid id) => Service.Client(Authority.PersonToken(id));
}

/// <summary>An organisation with a coordinator and a key, as Profiles would tell of it.</summary>
internal sealed class AnOrganisation : IDisposable
{
    private readonly VerificationHost host;

    public AnOrganisation(VerificationHost host, GostSigner? gost = null, Guid? coordinator = null)
    {
        this.host = host;
        Gost = gost;
        Coordinator = coordinator ?? Guid.CreateVersion7();
        Kid = gost is null ? Guid.NewGuid().ToString("n") : GostCertificate.KidOf(gost.Certificate);
        host.Profiles.Publish(new OrganisationApprovedV1(Id, "Тёплый дом", "RU-MOW", 2, DateTimeOffset.UtcNow));
        host.Profiles.Publish(new CoordinatorAppointedV1(Id, Coordinator, DateTimeOffset.UtcNow.AddDays(-1), null, 3, DateTimeOffset.UtcNow));
        RegisterKey(DateTimeOffset.UtcNow.AddDays(-1), null);
    }

    public Guid Id { get; } = Guid.CreateVersion7();

    public Guid Coordinator { get; }

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Who signs in the place of <see cref="Key"/>, where the organisation has a certificate.</summary>
    public GostSigner? Gost { get; }

    public string Kid { get; }

    public HttpClient Client => host.Person(Coordinator);

    /// <summary>Profiles says that it is suspended, and Verification knows.</summary>
    public Task SuspendAsync() => TellAsync(new OrganisationSuspendedV1(Id, 5, DateTimeOffset.UtcNow), suspended: true);

    /// <summary>The same of its end.</summary>
    public Task ReinstateAsync() => TellAsync(new OrganisationReinstatedV1(Id, 6, DateTimeOffset.UtcNow), suspended: false);

    private async Task TellAsync(object fact, bool suspended)
    {
        host.Profiles.Publish(fact);
        await Eventually.Is(async () =>
        {
            await using var session = host.Service.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return (await session.LoadAsync<Organisation>(Id))?.SuspendedAt is not null == suspended;
        });
    }

    /// <summary>Appoints another coordinator, and waits until Verification has heard of it.</summary>
    public async Task<Guid> AppointAsync()
    {
        var person = Guid.CreateVersion7();
        await ReadyAsync();
        host.Profiles.Publish(new CoordinatorAppointedV1(Id, person, DateTimeOffset.UtcNow.AddDays(-1), null, 9, DateTimeOffset.UtcNow));
        await Eventually.Is(async () =>
        {
            await using var session = host.Service.Services.GetRequiredService<IDocumentStore>().QuerySession();
            return (await session.LoadAsync<Organisation>(Id))!.IsAppointed(person, DateTimeOffset.UtcNow);
        });
        return person;
    }

    public void RegisterKey(DateTimeOffset from, DateTimeOffset? until)
    {
        var point = Key.ExportParameters(false).Q;
        host.Profiles.Publish(Gost is { } gost
            ? new SigningKeyRegisteredV1(Id, Kid, "", "", from, until, 4, DateTimeOffset.UtcNow, gost.Base64)
            : new SigningKeyRegisteredV1(Id, Kid, Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y), from, until, 4, DateTimeOffset.UtcNow));
    }

    public string Sign(string statement, string? kid = null)
    {
        if (Gost is { } gost)
        {
            return Convert.ToBase64String(gost.Sign(Encoding.UTF8.GetBytes(statement)));
        }

        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"ES256","kid":"{{kid ?? Kid}}"}"""))}"
            + $".{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(statement))}";
        return $"{signed}.{Base64Url.EncodeToString(Key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Has the ledger submit an entry, and waits for the case that opens by itself.</summary>
    public Task<Guid> OpenCaseAsync(
        Guid? volunteer = null, Guid? entry = null, int minutes = 240, string start = "2025-05-09T10:00:00", DateTimeOffset? at = null,
        string project = "Забота рядом") =>
        OpenCaseAsync(
            volunteer ?? Guid.CreateVersion7(), [new Shift(DateTime.Parse(start, CultureInfo.InvariantCulture), "Europe/Moscow", minutes)], entry, at, project);

    /// <summary>The same with other shifts.</summary>
    public async Task<Guid> OpenCaseAsync(
        Guid volunteer, IReadOnlyList<Shift> shifts, Guid? entry = null, DateTimeOffset? at = null, string project = "Забота рядом")
    {
        var submitted = new EntrySubmittedV1(
            entry ?? Guid.CreateVersion7(), 1, volunteer, new EntryFacts(Id, project, "D12", "RU-MOW", shifts),
            at ?? new WholeMicroseconds().GetUtcNow());
        await ReadyAsync();
        host.Ledger.Publish(submitted);
        var id = CaseIds.Of(submitted.EntryId, 1);
        await Eventually.Is(async () => (await Client.GetResponseAsync($"/api/v1/cases/{id}")).StatusCode == HttpStatusCode.OK);
        return id;
    }

    /// <summary>Waits until Verification has heard of the organisation and its key.</summary>
    public Task ReadyAsync() => Eventually.Is(async () =>
    {
        await using var session = host.Service.Services.GetRequiredService<IDocumentStore>().QuerySession();
        return (await session.LoadAsync<Organisation>(Id))?.Keys.Count > 0;
    });

    /// <summary>Confirms a case that was just opened, as a coordinator's system does: reads the statement, signs it, hands it in.</summary>
    public async Task ConfirmAsync(Guid id, HttpClient? by = null)
    {
        var client = by ?? Client;
        var statement = await client.GetStringAsync(new Uri($"/api/v1/cases/{id}/statement", UriKind.Relative));
        await (await client.PostJsonAsync($"/api/v1/cases/{id}/confirmation", new ConfirmCase(Sign(statement)), 1)).ShouldBeAsync(HttpStatusCode.NoContent);
    }

    /// <summary>Revokes a confirmation: reads the statement, signs it, hands it in.</summary>
    public async Task<HttpResponseMessage> RevokeAsync(Guid id, long version, string reason)
    {
        using var asked = await Client.PostJsonAsync($"/api/v1/cases/{id}/revocation-statement", new RevocationStatement(reason));
        var statement = await asked.Content.ReadAsStringAsync();
        return await Client.PostJsonAsync($"/api/v1/cases/{id}/revocation", new RevokeConfirmation(reason, Sign(statement)), version);
    }

    public void Dispose() => Key.Dispose();
}

[Trait("Feature", "F15")]
public sealed class CasesOverHttp(VerificationHost host) : IClassFixture<VerificationHost>
{
    [Fact]
    public async Task a_submitted_entry_opens_a_case_that_the_coordinators_signature_confirms()
    {
        using var organisation = new AnOrganisation(host);
        var volunteer = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync(volunteer);
        var statement = await organisation.Client.GetStringAsync(
            new Uri($"/api/v1/cases/{id}/statement", UriKind.Relative), TestContext.Current.CancellationToken);

        var confirmed = await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/confirmation", new ConfirmCase(organisation.Sign(statement)), version: 1);

        await confirmed.ShouldBeAsync(HttpStatusCode.NoContent);
        confirmed.Version().ShouldBe(2);
        foreach (var reader in new[] { organisation.Client, host.Person(volunteer) })
        {
            var found = await reader.GetJsonAsync($"/api/v1/cases/{id}");
            found.GetProperty("status").GetString().ShouldBe("confirmed");
            found.GetProperty("statement").GetString().ShouldBe(statement);
            var decision = found.GetProperty("decision");
            decision.GetProperty("by").GetString().ShouldBe(organisation.Coordinator.ToString());
            decision.GetProperty("kid").GetString().ShouldBe(organisation.Kid);
            decision.GetProperty("signature").GetString()!.Split('.')[1].ShouldBe(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(statement)));
        }

        var services = host.Service.Client(host.Authority.MachineToken("services", "integration"));
        await Eventually.Is(async () => (await services.PublishedAsync())
            .Count(message => message.GetProperty("type").GetString() == "CaseConfirmedV1" && message.GetProperty("data").GetProperty("caseId").GetGuid() == id)
            .ShouldBe(1));
    }

    [Fact]
    public async Task a_signature_that_would_make_the_credential_too_long_to_be_checked_is_refused()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        // Within a credential base64url makes four characters of three; the rest of the longest genuine one takes 24 KiB.
        var signature = new string('A', (Check.MostTextBytes - (24 * 1024)) * 3 / 4);
        var problem = await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/confirmation", new ConfirmCase(signature), 1))
            .ProblemAsync(HttpStatusCode.BadRequest, "text-too-long");
        problem.Errors!.Keys.ShouldBe(["signature"]);
    }

    [Fact]
    public async Task a_refused_signature_answers_why_and_stays_on_record()
    {
        using var organisation = new AnOrganisation(host);
        using var stranger = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        var statement = (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("statement").GetString()!;
        var unsigned = $"{Base64Url.EncodeToString("""{"alg":"none"}"""u8)}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(statement))}.";

        var version = 1L;
        foreach (var (signature, reason) in new[]
        {
            (stranger.Sign(statement), "unknown-key"),
            (stranger.Sign(statement, organisation.Kid), "signature-invalid"),
            (organisation.Sign(statement.Replace("240", "480", StringComparison.Ordinal)), "statement-differs"),
            (unsigned, "algorithm-not-allowed"),
            ("nonsense", "malformed"),
        })
        {
            // With a key and without: neither way loses the record.
            var refused = await organisation.Client.PostJsonAsync(
                $"/api/v1/cases/{id}/confirmation", new ConfirmCase(signature), version, reason == "malformed" ? "k" : null);
            var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "signature-refused");
            problem.More!["reason"].GetString().ShouldBe(reason);
            refused.Version().ShouldBe(++version);
        }

        (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/confirmation", new ConfirmCase("nonsense"), 5, "k")).Version().ShouldBe(6);
        var history = (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/history")).EnumerateArray().ToList();
        history.Count(change => change.GetProperty("type").GetString() == "signature_refused").ShouldBe(5);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString().ShouldBe("open");
    }

    [Fact]
    public async Task a_gost_signature_confirms_and_what_is_none_is_refused_and_stays_on_record()
    {
        using var organisation = new AnOrganisation(host, Gost.New());
        using var stranger = new AnOrganisation(host, Gost.New());
        var id = await organisation.OpenCaseAsync();
        var statement = (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("statement").GetString()!;
        var good = organisation.Sign(statement);
        var flipped = Convert.FromBase64String(good);
        flipped[^1] ^= 1;

        var version = 1L;
        foreach (var (signature, reason) in new[]
        {
            (organisation.Sign(statement.Replace("240", "480", StringComparison.Ordinal)), "statement-differs"),
            (stranger.Sign(statement), "unknown-key"),
            (Convert.ToBase64String(flipped), "signature-invalid"),
        })
        {
            var refused = await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/confirmation", new ConfirmCase(signature), version);
            (await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "signature-refused")).More!["reason"].GetString().ShouldBe(reason);
            refused.Version().ShouldBe(++version);
        }

        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/confirmation", new ConfirmCase(good), version))
            .ShouldBeAsync(HttpStatusCode.NoContent);

        var decision = (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("decision");
        (decision.GetProperty("kid").GetString(), decision.GetProperty("signature").GetString(), decision.GetProperty("statement").GetString())
            .ShouldBe((organisation.Kid, good, statement));
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}/history"))
            .EnumerateArray().Count(change => change.GetProperty("type").GetString() == "signature_refused").ShouldBe(3);
        var services = host.Service.Client(host.Authority.MachineToken("services", "integration"));
        var told = await Eventually.Value(async () => (await services.PublishedAsync()).Single(
            message => message.GetProperty("type").GetString() == "CaseConfirmedV1"
                && message.GetProperty("data").GetProperty("caseId").GetGuid() == id).GetProperty("data"));
        (told.GetProperty("signature").GetString(), told.GetProperty("statement").GetString(), told.TryGetProperty("key", out _))
            .ShouldBe((good, statement, false));
        await (await organisation.RevokeAsync(id, version + 1, "ошибка")).ShouldBeAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task a_revoked_key_and_a_key_outside_its_validity_are_refused()
    {
        using var organisation = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        var statement = (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("statement").GetString()!;
        organisation.RegisterKey(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(-1));
        await RefusedEventually("key-outside-validity");
        host.Profiles.Publish(new SigningKeyRevokedV1(organisation.Id, organisation.Kid, 5, DateTimeOffset.UtcNow));
        await RefusedEventually("key-revoked");

        // The facts arrive through the feed; until they do, the wrong statement keeps the case open.
        async Task RefusedEventually(string reason) => await Eventually.Is(async () =>
        {
            var version = (await organisation.Client.GetResponseAsync($"/api/v1/cases/{id}")).Version();
            var probe = await organisation.Client.PostJsonAsync(
                $"/api/v1/cases/{id}/confirmation", new ConfirmCase(organisation.Sign(statement + " ")), version);
            (await probe.ProblemAsync(HttpStatusCode.UnprocessableEntity)).More!["reason"].GetString().ShouldBe(reason);
        });
    }

    [Fact]
    public async Task an_hour_after_a_key_was_revoked_it_signs_nothing_more_and_what_it_signed_before_stands()
    {
        using var organisation = new AnOrganisation(host);
        var (before, after) = (await organisation.OpenCaseAsync(), await organisation.OpenCaseAsync());
        await organisation.ConfirmAsync(before);
        host.Profiles.Publish(new SigningKeyRevokedV1(organisation.Id, organisation.Kid, 5, DateTimeOffset.UtcNow));

        await using var later = await ServiceHost.StartAsync<Cases.Case>(
            host.Settings with { Address = null, ConfigureServices = services => services.AddSingleton<TimeProvider>(new InAnHour()) });
        using var coordinator = later.Client(host.Authority.PersonToken(organisation.Coordinator));
        var open = await coordinator.GetJsonAsync($"/api/v1/cases/{after}");
        await Eventually.Is(async () =>
        {
            await using var session = later.Services.GetRequiredService<IDocumentStore>().QuerySession();
            (await session.LoadAsync<Organisation>(organisation.Id))!.Keys.Single().RevokedAt.ShouldNotBeNull();
        });
        using var refused = await coordinator.PostJsonAsync(
            $"/api/v1/cases/{after}/confirmation", new ConfirmCase(organisation.Sign(open.GetProperty("statement").GetString()!)), 1);
        (await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "signature-refused")).More!["reason"].GetString().ShouldBe("key-revoked");

        var standing = await coordinator.GetJsonAsync($"/api/v1/cases/{before}");
        standing.GetProperty("status").GetString().ShouldBe("confirmed");
        var point = organisation.Key.ExportParameters(false).Q;
        CompactJws.Read(standing.GetProperty("decision").GetProperty("signature").GetString()!)!
            .Verify(
                new PublicJwk(Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y)),
                Encoding.UTF8.GetBytes(standing.GetProperty("statement").GetString()!)).ShouldBeNull();
        (await host.ToldAsync("ConfirmationRevokedV1", before)).ShouldBe(0);
    }

    private sealed class InAnHour : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddHours(1);
    }

    [Fact]
    public async Task another_organisations_coordinator_sees_404_everywhere()
    {
        using var organisation = new AnOrganisation(host);
        using var other = new AnOrganisation(host);
        var id = await organisation.OpenCaseAsync();
        await other.OpenCaseAsync();
        foreach (var absent in new[] { id, Guid.CreateVersion7() })
        {
            foreach (var path in new[] { "", "/statement", "/history" })
            {
                await (await other.Client.GetResponseAsync($"/api/v1/cases/{absent}{path}")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
            }

            await (await other.Client.PostJsonAsync($"/api/v1/cases/{absent}/confirmation", new ConfirmCase("a.b.c"), 1))
                .ProblemAsync(HttpStatusCode.NotFound, "not-found");
            await (await other.Client.PostJsonAsync($"/api/v1/cases/{absent}/rejection", new RejectCase("нет"), 9))
                .ProblemAsync(HttpStatusCode.NotFound, "not-found");
            await (await other.Client.PostJsonAsync($"/api/v1/cases/{absent}/return", new ReturnCase("нет"), 1))
                .ProblemAsync(HttpStatusCode.NotFound, "not-found");
        }

        (await other.Client.GetJsonAsync("/api/v1/cases")).GetProperty("items").EnumerateArray()
            .ShouldAllBe(item => item.GetProperty("organisationId").GetGuid() == other.Id);
        (await other.Client.GetJsonAsync($"/api/v1/cases?organisationId={organisation.Id}")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    [Trait("Feature", "F9")]
    public async Task the_queue_of_one_of_a_coordinators_organisations_counts_that_one_alone()
    {
        using var organisation = new AnOrganisation(host);
        using var second = new AnOrganisation(host, coordinator: organisation.Coordinator);
        using var empty = new AnOrganisation(host, coordinator: organisation.Coordinator);
        await organisation.OpenCaseAsync();
        await second.OpenCaseAsync();
        await second.OpenCaseAsync();
        await empty.ReadyAsync();

        async Task<(int Open, bool HasOldest)> CountedAsync(string query)
        {
            var page = await organisation.Client.GetJsonAsync("/api/v1/cases" + query);
            return (page.GetProperty("open").GetInt32(), page.GetProperty("oldestOpenedAt").ValueKind != JsonValueKind.Null);
        }

        (await CountedAsync($"?organisationId={organisation.Id}")).ShouldBe((1, true));
        (await CountedAsync($"?organisationId={second.Id}&region=RU-SPE")).ShouldBe((2, true));
        (await CountedAsync($"?organisationId={empty.Id}")).ShouldBe((0, false));
        (await CountedAsync("")).ShouldBe((3, true));
    }

    [Fact]
    [Trait("Feature", "F9")]
    public async Task the_queue_is_oldest_first_paged_and_filtered()
    {
        using var organisation = new AnOrganisation(host);
        for (var i = 0; i < 7; i++)
        {
            await organisation.OpenCaseAsync(minutes: 60 + i);
        }

        var seen = new List<JsonElement>();
        string? next = null;
        do
        {
            var page = await organisation.Client.GetJsonAsync($"/api/v1/cases?limit=3&after={next}");
            page.GetProperty("open").GetInt32().ShouldBe(7);
            seen.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }
        while (next is not null);

        seen.Select(item => item.GetProperty("minutes").GetInt32()).ShouldBe([60, 61, 62, 63, 64, 65, 66]);
        (await organisation.Client.GetJsonAsync("/api/v1/cases?region=RU-SPE")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await organisation.Client.GetJsonAsync("/api/v1/cases?taskType=D12&region=RU-MOW")).GetProperty("items").GetArrayLength().ShouldBe(7);
        await (await organisation.Client.GetResponseAsync("/api/v1/cases?status=nonsense")).ProblemAsync(HttpStatusCode.BadRequest, "unknown-value");
    }

    [Fact]
    [Trait("Feature", "F9")]
    public async Task the_queue_is_searched_by_project_and_by_people()
    {
        using var organisation = new AnOrganisation(host);
        using var other = new AnOrganisation(host, coordinator: organisation.Coordinator);
        var (anna, boris) = (Guid.NewGuid(), Guid.NewGuid());
        var tree = await organisation.OpenCaseAsync(project: "Ёлка желаний", volunteer: anna);
        var winter = await organisation.OpenCaseAsync(project: "Зима: 100% тепла_", volunteer: boris);
        var autumn = await organisation.OpenCaseAsync(project: "Осень", volunteer: anna);
        await other.OpenCaseAsync(project: "Ёлка желаний", volunteer: anna);

        await FindsAsync("q=елка", tree);
        await FindsAsync("q=ЖЕЛА", tree);
        await FindsAsync("q=100%25", winter);
        await FindsAsync("q=_", winter);
        await FindsAsync("q=%27");
        await FindsAsync($"volunteerIds={anna}", tree, autumn);
        await FindsAsync($"q=зима&volunteerIds={anna}", tree, winter, autumn);
        await FindsAsync($"q=зима&volunteerIds={Guid.NewGuid()}", winter);
        await FindsAsync("q=%20", tree, winter, autumn);

        foreach (var (query, field) in new[]
        {
            ("q=" + new string('я', 101), "q"),
            ("volunteerIds=anna", "volunteerIds"),
            ("volunteerIds=" + string.Join(',', Enumerable.Range(0, 201).Select(_ => Guid.NewGuid())), "volunteerIds"),
        })
        {
            var problem = await (await organisation.Client.GetResponseAsync("/api/v1/cases?" + query)).ProblemAsync(HttpStatusCode.BadRequest);
            problem.Errors.ShouldNotBeNull().Keys.ShouldBe([field]);
        }

        async Task FindsAsync(string query, params Guid[] expected) =>
            (await organisation.Client.GetJsonAsync($"/api/v1/cases?organisationId={organisation.Id}&{query}")).GetProperty("items").EnumerateArray()
                .Select(item => item.GetProperty("id").GetGuid()).ShouldBe(expected, query);
    }

    [Fact]
    public async Task a_rejection_and_a_return_tell_the_volunteer_why()
    {
        using var organisation = new AnOrganisation(host);
        var volunteer = Guid.CreateVersion7();
        var rejected = await organisation.OpenCaseAsync(volunteer);
        var returned = await organisation.OpenCaseAsync(volunteer);
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{rejected}/rejection", new RejectCase("Площадка была закрыта"), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{returned}/return", new ReturnCase("Уточните часы"), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);

        (await host.Person(volunteer).GetJsonAsync($"/api/v1/cases/{rejected}")).GetProperty("decision").GetProperty("reason").GetString()
            .ShouldBe("Площадка была закрыта");
        (await host.Person(volunteer).GetJsonAsync($"/api/v1/cases/{returned}")).GetProperty("status").GetString().ShouldBe("returned");
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{returned}/return", new ReturnCase("Ещё раз"), 2))
            .ProblemAsync(HttpStatusCode.Conflict, "case-not-open");
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{returned}/return", new ReturnCase("Сам"), 2)).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_withdrawn_entry_leaves_the_queue()
    {
        using var organisation = new AnOrganisation(host);
        var (volunteer, entry) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var id = await organisation.OpenCaseAsync(volunteer, entry);

        host.Ledger.Publish(new EntryWithdrawnV1(entry, 1, volunteer, organisation.Id, DateTimeOffset.UtcNow));

        await Eventually.Is(async () => (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString() == "cancelled");
        (await organisation.Client.GetJsonAsync("/api/v1/cases")).GetProperty("open").GetInt32().ShouldBe(0);
    }

    // The volunteer took it back in the ledger before the decision came there, where it changes nothing any more.
    [Fact]
    public async Task what_was_decided_while_the_volunteer_took_it_back_stands_for_nothing()
    {
        using var organisation = new AnOrganisation(host);
        var (volunteer, entry, other) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var confirmed = await organisation.OpenCaseAsync(volunteer, entry);
        var rejected = await organisation.OpenCaseAsync(volunteer, other);
        await organisation.ConfirmAsync(confirmed);
        var decision = (await organisation.Client.GetJsonAsync($"/api/v1/cases/{confirmed}")).GetProperty("decision");
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{rejected}/rejection", new RejectCase("Площадка была закрыта"), 1))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{rejected}/dispute", new DisputeCase("Она была открыта"), 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);

        host.Ledger.Publish(new EntryWithdrawnV1(entry, 1, volunteer, organisation.Id, DateTimeOffset.UtcNow));
        host.Ledger.Publish(new EntryWithdrawnV1(other, 1, volunteer, organisation.Id, DateTimeOffset.UtcNow));

        foreach (var id in new[] { confirmed, rejected })
        {
            await Eventually.Is(async () => (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("status").GetString() == "cancelled");
            var found = await host.Person(volunteer).GetJsonAsync($"/api/v1/cases/{id}");
            found.GetProperty("decision").GetProperty("signature").ValueKind.ShouldBe(JsonValueKind.Null);
            found.GetProperty("canDispute").GetBoolean().ShouldBeFalse();
            // Yet it was decided, and signed: the case goes on telling by whom and with what.
            var overtaken = found.GetProperty("overtaken");
            overtaken.GetProperty("status").GetString().ShouldBe(id == confirmed ? "confirmed" : "rejected");
            overtaken.GetProperty("by").GetGuid().ShouldBe(organisation.Coordinator);
            if (id == confirmed)
            {
                foreach (var member in decision.EnumerateObject())
                {
                    overtaken.GetProperty(member.Name).ToString().ShouldBe(member.Value.ToString());
                }
            }
            else
            {
                overtaken.GetProperty("reason").GetString().ShouldBe("Площадка была закрыта");
            }
        }

        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{confirmed}/revocation-statement", new RevocationStatement("x")))
            .ProblemAsync(HttpStatusCode.Conflict, "case-not-confirmed");
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{confirmed}/reviews", new GiveReview(5, "Хорошо")))
            .ProblemAsync(HttpStatusCode.Conflict, "case-not-confirmed");
        (await host.Service.Client(host.Authority.PersonToken(Guid.CreateVersion7(), "administrator")).GetJsonAsync("/api/v1/cases/disputed"))
            .GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetGuid()).ShouldNotContain(rejected);
    }

    [Fact]
    [Trait("Feature", "N10")]
    public async Task a_confirmation_can_be_taken_back_whose_amendment_was_confirmed_while_the_volunteer_took_it_back()
    {
        using var organisation = new AnOrganisation(host);
        var (volunteer, entry) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (first, second) = await AmendedAsync(organisation, volunteer, entry);
        await organisation.ConfirmAsync(second);
        host.Ledger.Publish(new AmendmentWithdrawnV1(entry, 2, volunteer, DateTimeOffset.UtcNow));
        await Eventually.Is(async () => (await organisation.Client.GetJsonAsync($"/api/v1/cases/{second}")).GetProperty("status").GetString() == "cancelled");

        await (await organisation.RevokeAsync(first, 2, "ошибка")).ShouldBeAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    [Trait("Feature", "N10")]
    public async Task an_amendment_of_a_confirmation_that_is_taken_back_is_decided_by_who_has_seen_that()
    {
        using var organisation = new AnOrganisation(host);
        var (first, second) = await AmendedAsync(organisation);
        var before = await organisation.Client.GetStringAsync(new Uri($"/api/v1/cases/{second}/statement", UriKind.Relative));
        before.ShouldContain("supersedes");

        await (await organisation.RevokeAsync(first, 2, "ошибка")).ShouldBeAsync(HttpStatusCode.NoContent);

        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{second}/confirmation", new ConfirmCase(organisation.Sign(before)), 1))
            .ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        var seen = await organisation.Client.GetJsonAsync($"/api/v1/cases/{second}");
        seen.TryGetProperty("amends", out var amends).ShouldBe(amends.ValueKind == JsonValueKind.Null);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{second}/history")).EnumerateArray().Select(change => change.GetProperty("type").GetString())
            .ShouldBe(["case_opened", "amended_confirmation_revoked"]);
        var now = await organisation.Client.GetStringAsync(new Uri($"/api/v1/cases/{second}/statement", UriKind.Relative));
        now.ShouldNotContain("supersedes");
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{second}/confirmation", new ConfirmCase(organisation.Sign(now)), 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    [Trait("Feature", "N10")]
    public async Task a_confirmation_is_not_taken_back_at_the_moment_in_which_its_amendment_is_confirmed()
    {
        using var organisation = new AnOrganisation(host);
        for (var race = 0; race < 12; race++)
        {
            var (first, second) = await AmendedAsync(organisation);
            var revoking = Task.Run(() => organisation.RevokeAsync(first, 2, "ошибка"));
            var statement = await organisation.Client.GetStringAsync(new Uri($"/api/v1/cases/{second}/statement", UriKind.Relative));
            var confirming = organisation.Client.PostJsonAsync($"/api/v1/cases/{second}/confirmation", new ConfirmCase(organisation.Sign(statement)), 1);
            using var revoked = await revoking;
            using var confirmed = await confirming;

            new[] { revoked.StatusCode, confirmed.StatusCode }.Count(status => status == HttpStatusCode.NoContent).ShouldBe(1);
        }
    }

    /// <summary>A case that was confirmed, and one that would change it.</summary>
    private async Task<(Guid First, Guid Second)> AmendedAsync(AnOrganisation organisation, Guid? by = null, Guid? of = null)
    {
        var (volunteer, entry) = (by ?? Guid.CreateVersion7(), of ?? Guid.CreateVersion7());
        var first = await organisation.OpenCaseAsync(volunteer, entry);
        await organisation.ConfirmAsync(first);
        EntryFacts Facts(int minutes) =>
            new(
                organisation.Id, "Забота рядом", "D12", "RU-MOW",
                [new Shift(new DateTime(2025, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", minutes)]);
        host.Ledger.Publish(new EntryAmendedV1(entry, 2, volunteer, Facts(180), 1, Facts(240), DateTimeOffset.UtcNow));
        var second = CaseIds.Of(entry, 2);
        await Eventually.Value(() => organisation.Client.GetJsonAsync($"/api/v1/cases/{second}"));
        return (first, second);
    }

    [Fact]
    [Trait("Feature", "N10")]
    public async Task an_amendment_is_a_case_beside_the_confirmation_that_stands()
    {
        using var organisation = new AnOrganisation(host);
        var volunteer = Guid.CreateVersion7();
        var (first, second) = await AmendedAsync(organisation, volunteer);

        var amendment = await Eventually.Value(() => organisation.Client.GetJsonAsync($"/api/v1/cases/{second}"));
        amendment.GetProperty("amends").GetProperty("facts").GetProperty("shifts")[0].GetProperty("minutes").GetInt32().ShouldBe(240);
        amendment.GetProperty("minutes").GetInt32().ShouldBe(180);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{first}")).GetProperty("status").GetString().ShouldBe("confirmed");

        await organisation.ConfirmAsync(second);
        // The one that was superseded is not revoked any more; the one that stands is.
        await (await organisation.RevokeAsync(first, 2, "ошибка")).ProblemAsync(HttpStatusCode.Conflict, "confirmation-superseded");
        await (await organisation.RevokeAsync(second, 1, "ошибка")).ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await organisation.RevokeAsync(second, 2, "ошибка")).ShouldBeAsync(HttpStatusCode.NoContent);

        var seen = await host.Person(volunteer).GetJsonAsync($"/api/v1/cases/{second}");
        (seen.GetProperty("status").GetString(), seen.GetProperty("revocation").GetProperty("reason").GetString()).ShouldBe(("revoked", "ошибка"));
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{second}/revocation-statement", new RevocationStatement("x")))
            .ProblemAsync(HttpStatusCode.Conflict, "case-not-confirmed");
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{second}/revocation-statement", new RevocationStatement("x")))
            .ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{second}/revocation", new RevokeConfirmation("x", "a.b.c"), 3))
            .ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    [Trait("Feature", "N10")]
    public async Task an_amendment_that_was_taken_back_leaves_the_queue()
    {
        using var organisation = new AnOrganisation(host);
        var (volunteer, entry) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var facts = new EntryFacts(
            organisation.Id, "Забота рядом", "D12", "RU-MOW", [new Shift(new DateTime(2025, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 60)]);
        host.Ledger.Publish(new EntryAmendedV1(entry, 2, volunteer, facts, 1, facts, DateTimeOffset.UtcNow));
        host.Ledger.Publish(new AmendmentWithdrawnV1(entry, 2, volunteer, DateTimeOffset.UtcNow));
        await Eventually.Is(
            async () => (await organisation.Client.GetJsonAsync($"/api/v1/cases/{CaseIds.Of(entry, 2)}")).GetProperty("status").GetString() == "cancelled");
    }

    [Fact]
    [Trait("Feature", "F1")]
    public async Task an_organisation_says_how_it_gives_points_and_they_are_signed_with_the_hours()
    {
        using var organisation = new AnOrganisation(host);
        var path = $"/api/v1/confirmation-rules/{organisation.Id}";
        var id = await organisation.OpenCaseAsync();
        var none = await host.Service.Client().GetResponseAsync(path);
        none.Version().ShouldBe(0);
        (await none.JsonAsync()).GetProperty("points").ValueKind.ShouldBe(JsonValueKind.Null);

        var rules = new SetConfirmationRules(new PointsRule(3, [], []));
        await (await organisation.Client.SendJsonAsync(HttpMethod.Put, path, rules)).ProblemAsync(HttpStatusCode.PreconditionRequired, "version-required");
        await (await organisation.Client.SendJsonAsync(HttpMethod.Put, path, rules, 5)).ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        await (await host.Person(Guid.CreateVersion7()).SendJsonAsync(HttpMethod.Put, path, rules, 0)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        (await organisation.Client.SendJsonAsync(HttpMethod.Put, path, rules, 0)).Version().ShouldBe(1);
        (await host.Service.Client().GetJsonAsync(path)).GetProperty("points").GetProperty("perHour").GetInt32().ShouldBe(3);

        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("points").GetInt32().ShouldBe(12);
        await organisation.ConfirmAsync(id);
        // Another rule later leaves what was confirmed as it was.
        (await organisation.Client.SendJsonAsync(HttpMethod.Put, path, new SetConfirmationRules(), 1)).Version().ShouldBe(2);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases/{id}")).GetProperty("points").GetInt32().ShouldBe(12);
    }

    [Fact]
    [Trait("Feature", "F15")]
    public async Task less_is_confirmed_disputed_discussed_and_settled_by_the_administrator()
    {
        using var organisation = new AnOrganisation(host);
        var volunteer = Guid.CreateVersion7();
        var id = await organisation.OpenCaseAsync(volunteer);
        Shift[] part = [new(new DateTime(2025, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 120)];
        var statement = await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/statement", new PartialStatement(part))).Content
            .ReadAsStringAsync(TestContext.Current.CancellationToken);
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{id}/statement", new PartialStatement(part))).ShouldBeAsync(HttpStatusCode.NotFound);
        await (await organisation.Client.PostJsonAsync(
            $"/api/v1/cases/{id}/confirmation", new ConfirmCase(organisation.Sign(statement), part, "По журналу до полудня"),
            1)).ShouldBeAsync(HttpStatusCode.NoContent);

        var seen = await host.Person(volunteer).GetJsonAsync($"/api/v1/cases/{id}");
        (
            seen.GetProperty("canAccept").GetBoolean(), seen.GetProperty("canDispute").GetBoolean(),
            seen.GetProperty("decision").GetProperty("reason").GetString()).ShouldBe((true, true, "По журналу до полудня"));
        seen.GetProperty("confirmedInPart").GetProperty("shifts")[0].GetProperty("minutes").GetInt32().ShouldBe(120);
        var administrator = host.Service.Client(host.Authority.PersonToken(Guid.CreateVersion7(), "administrator"));
        await (await administrator.GetResponseAsync($"/api/v1/cases/{id}")).ShouldBeAsync(HttpStatusCode.NotFound);

        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/dispute", new DisputeCase("Это не я"), 2)).ShouldBeAsync(HttpStatusCode.NotFound);
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{id}/dispute", new DisputeCase("Я была до двух часов"), 2))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        (await administrator.IdsOfAllPagesAsync("/api/v1/cases/disputed?limit=1")).ShouldContain(id);
        (await organisation.Client.GetJsonAsync($"/api/v1/cases?organisationId={organisation.Id}&status=confirmed&disputed=true"))
            .GetProperty("items").GetArrayLength().ShouldBe(1);
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/dispute/messages", new AnswerDispute("По журналу до полудня"), 3))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await administrator.PostJsonAsync($"/api/v1/cases/{id}/dispute/messages", new AnswerDispute("Кто был бригадиром?"), 4))
            .ShouldBeAsync(HttpStatusCode.NoContent);
        await (await host.Person(Guid.CreateVersion7()).PostJsonAsync($"/api/v1/cases/{id}/dispute/messages", new AnswerDispute("Я тоже"), 5))
            .ShouldBeAsync(HttpStatusCode.NotFound);
        await (await organisation.Client.PostJsonAsync($"/api/v1/cases/{id}/dispute/settlement", new SettleDispute(DisputeOutcome.Stands, "Нет"), 5))
            .ShouldBeAsync(HttpStatusCode.Forbidden);
        await (await administrator.PostJsonAsync(
            $"/api/v1/cases/{id}/dispute/settlement", new SettleDispute(DisputeOutcome.Confirmed, "Бригадир подтвердил"),
            5)).ShouldBeAsync(HttpStatusCode.NoContent);

        var settled = await host.Person(volunteer).GetJsonAsync($"/api/v1/cases/{id}");
        settled.GetProperty("status").GetString().ShouldBe("settled");
        settled.GetProperty("dispute").GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("side").GetString())
            .ShouldBe(["volunteer", "organisation", "administrator"]);
        settled.GetProperty("dispute").GetProperty("settlement").GetProperty("facts").GetProperty("shifts")[0].GetProperty("minutes").GetInt32().ShouldBe(240);
        (await administrator.IdsOfAllPagesAsync("/api/v1/cases/disputed?limit=50")).ShouldNotContain(id);
        await (await host.Person(volunteer).PostJsonAsync($"/api/v1/cases/{id}/acceptance", new { }, 6))
            .ProblemAsync(HttpStatusCode.Conflict, "nothing-to-accept");
    }
}
