using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Testing;

namespace VolunteerBook.Profiles.Tests.Volunteers;

[Trait("Feature", "F4")]
public sealed class VolunteersApiTests(ProfilesHost host) : IClassFixture<ProfilesHost>
{
    private const string Me = "/api/v1/volunteers/me";
    private const string Volunteers = "/api/v1/volunteers";

    private static object Body(string family = "Иванова", string region = "RU-MOW", string email = "anna@example.org") => new
    {
        name = new { family, given = "Анна", patronymic = "Петровна" },
        birthDate = "1999-01-31",
        region,
        contacts = new { email, phone = "8 916 123-45-67" },
    };

    private async Task<(Guid Id, HttpClient Client)> RegisteredAsync(object? body = null)
    {
        var id = Guid.NewGuid();
        var client = host.Person(id);
        using var response = await client.PostJsonAsync(Volunteers, body ?? Body());
        (await response.IdAsync()).ShouldBe(id);
        return (id, client);
    }

    [Fact]
    public async Task one_person_who_registers_four_hundred_times_at_once_is_registered_once()
    {
        using var person = host.Person(Guid.NewGuid());
        var volunteer = new { name = new { family = "Иванова", given = "Анна" }, birthDate = "1999-01-31", region = "RU-MOW" };
        var answers = await Crowd.ShouldBeAnsweredAsync(
            key => person.PostJsonAsync("/api/v1/volunteers", volunteer, idempotencyKey: key),
            () => host.Anonymous().GetResponseAsync("/api/v1/organisations?limit=1"));
        answers.Order().ShouldBe(Enumerable.Repeat(HttpStatusCode.Conflict, 399).Prepend(HttpStatusCode.Created));
    }

    [Fact]
    public async Task a_person_registers_and_reads_themself_back()
    {
        var id = Guid.NewGuid();
        using var registered = await host.Person(id).PostJsonAsync(Volunteers, Body());
        (await registered.IdAsync()).ShouldBe(id);
        registered.Headers.Location.ShouldNotBeNull().ToString().ShouldBe(Me);
        registered.Version().ShouldBe(1);

        using var read = await host.Person(id).GetResponseAsync(Me);
        await read.ShouldBeAsync(HttpStatusCode.OK);
        read.Version().ShouldBe(1);
        read.Headers.CacheControl.ShouldNotBeNull().NoStore.ShouldBeTrue();
        var profile = await read.JsonAsync();
        profile.GetProperty("id").GetGuid().ShouldBe(id);
        profile.GetProperty("name").GetProperty("family").GetString().ShouldBe("Иванова");
        profile.GetProperty("name").GetProperty("patronymic").GetString().ShouldBe("Петровна");
        profile.GetProperty("birthDate").GetString().ShouldBe("1999-01-31");
        profile.GetProperty("region").GetString().ShouldBe("RU-MOW");
        profile.GetProperty("contacts").GetProperty("email").GetString().ShouldBe("anna@example.org");
        profile.GetProperty("contacts").GetProperty("phone").GetString().ShouldBe("+79161234567");
        profile.GetProperty("registeredAt").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
        profile.GetProperty("erased").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("Иванова", null)]
    [InlineData("Nguyễn", null)]
    [InlineData("김민", "김 민")]
    [InlineData("Иванова🚑", "🚑")]
    public async Task a_name_that_documents_cannot_write_is_taken_and_its_owner_is_told_which_characters(string family, string? notWritten)
    {
        var (_, client) = await RegisteredAsync(Body(family));

        var profile = await client.GetJsonAsync(Me);

        profile.GetProperty("name").GetProperty("family").GetString().ShouldBe(family);
        profile.GetProperty("notWritten").GetString().ShouldBe(notWritten);
    }

    [Fact]
    public async Task no_table_of_the_database_holds_what_a_person_told()
    {
        var (id, client) = await RegisteredAsync(Body(family: "Неповторимова", email: "unrepeatable@example.org"));
        using var changed = await client.PutJsonAsync(Me, Body(family: "Своеобычная", email: "peculiar@example.org"), version: 1);
        await changed.ShouldBeAsync(HttpStatusCode.NoContent);

        foreach (var text in new[]
        {
            "Неповторимова",
            "Своеобычная",
            "unrepeatable@example.org",
            "peculiar@example.org",
            "1999-01-31",
            "+79161234567",
            "Петровна",
        })
        {
            (await host.TablesHoldingAsync(text)).ShouldBeEmpty(text);
        }

        // The search itself works: what is no secret is found.
        (await host.TablesHoldingAsync(id.ToString())).ShouldContain("public.mt_events");

        var stored = await host.QueryAsync<string>("select data::text from mt_events where stream_id = $1 order by version", id);
        stored.Count.ShouldBe(2);
        foreach (var data in stored)
        {
            var personal = JsonDocument.Parse(data).RootElement.GetProperty("personal").GetString()!;
            personal.ShouldStartWith("1.");
            // What no search of text sees: the same in base64.
            var bytes = Base64Url.DecodeFromChars(personal.AsSpan(2));
            bytes.AsSpan().IndexOf("example.org"u8).ShouldBe(-1);
            bytes.AsSpan().IndexOf("1999-01-31"u8).ShouldBe(-1);
        }

        (await host.QueryAsync<string>("select type from mt_events where stream_id = $1 order by version", id))
            .ShouldBe(["volunteer_registered", "volunteer_profile_changed"]);
    }

    [Fact]
    public async Task a_second_registration_is_refused()
    {
        var (_, client) = await RegisteredAsync();
        using var again = await client.PostJsonAsync(Volunteers, Body(family: "Петрова"));
        await again.ProblemAsync(HttpStatusCode.Conflict, "already-registered");
        (await client.GetJsonAsync(Me)).GetProperty("name").GetProperty("family").GetString().ShouldBe("Иванова");
    }

    [Fact]
    public async Task of_many_registrations_at_once_one_succeeds()
    {
        var client = host.Person(Guid.NewGuid());
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(number => client.PostJsonAsync(Volunteers, Body(family: $"Иванова-{(char)('А' + number)}"))));
        responses.Count(response => response.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.Created))
        {
            await refused.ProblemAsync(HttpStatusCode.Conflict, "already-registered");
        }

        // Whoever was first, the key that sealed it is the one that was kept.
        (await client.GetJsonAsync(Me)).GetProperty("name").GetProperty("family").GetString().ShouldNotBeNull().ShouldStartWith("Иванова-");
    }

    [Fact]
    public async Task a_repeated_key_gives_the_same_answer_and_one_effect()
    {
        var id = Guid.NewGuid();
        var client = host.Person(id);
        var key = Guid.NewGuid().ToString();
        using var first = await client.PostJsonAsync(Volunteers, Body(), idempotencyKey: key);
        using var second = await client.PostJsonAsync(Volunteers, Body(), idempotencyKey: key);
        (await first.IdAsync(), await second.IdAsync()).ShouldBe((id, id));
        second.Version().ShouldBe(1);
        (await host.QueryAsync<long>("select count(*) from mt_events where stream_id = $1", id)).ShouldBe([1L]);

        using var another = await client.PostJsonAsync(Volunteers, Body(family: "Петрова"), idempotencyKey: key);
        await another.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }

    [Fact]
    public async Task who_is_no_volunteer_has_no_profile_and_no_history()
    {
        var client = host.Person(Guid.NewGuid());
        foreach (var path in new[] { Me, $"{Me}/history" })
        {
            using var response = await client.GetResponseAsync(path);
            await response.ProblemAsync(HttpStatusCode.NotFound);
        }

        using var put = await client.PutJsonAsync(Me, Body(), version: 1);
        await put.ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task a_change_needs_the_version_that_was_read()
    {
        var (_, client) = await RegisteredAsync();
        using var missing = await client.PutJsonAsync(Me, Body(family: "Петрова"));
        await missing.ProblemAsync((HttpStatusCode)428, "version-required");
        using var stale = await client.PutJsonAsync(Me, Body(family: "Петрова"), version: 7);
        await stale.ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");

        using var changed = await client.PutJsonAsync(Me, Body(family: "Петрова"), version: 1);
        await changed.ShouldBeAsync(HttpStatusCode.NoContent);
        changed.Version().ShouldBe(2);
        using var same = await client.PutJsonAsync(Me, Body(family: "Петрова"), version: 2);
        await same.ShouldBeAsync(HttpStatusCode.NoContent);
        same.Version().ShouldBe(2);

        using var read = await client.GetResponseAsync(Me);
        read.Version().ShouldBe(2);
        (await read.JsonAsync()).GetProperty("name").GetProperty("family").GetString().ShouldBe("Петрова");

        using var once = await client.PutJsonAsync(Me, Body(family: "Сидорова"), version: 1);
        await once.ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
    }

    [Fact]
    public async Task of_many_changes_of_one_version_one_succeeds()
    {
        var (_, client) = await RegisteredAsync();
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(number => client.PutJsonAsync(Me, Body(family: $"Петрова-{(char)('А' + number)}"), version: 1)));
        responses.Count(response => response.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        foreach (var refused in responses.Where(response => response.StatusCode != HttpStatusCode.NoContent))
        {
            await refused.ProblemAsync(HttpStatusCode.PreconditionFailed, "stale-version");
        }

        using var read = await client.GetResponseAsync(Me);
        read.Version().ShouldBe(2);
    }

    [Fact]
    [Trait("Feature", "F39")]
    public async Task the_history_shows_who_changed_what_and_when()
    {
        var (id, client) = await RegisteredAsync();
        using var changed = await client.PutJsonAsync(Me, Body(family: "Петрова", region: "RU-SPE"), version: 1);
        await changed.ShouldBeAsync(HttpStatusCode.NoContent);

        var changes = (await client.GetJsonAsync($"{Me}/history")).EnumerateArray().ToList();
        changes.Select(change => change.GetProperty("type").GetString()).ShouldBe(["volunteer_registered", "volunteer_profile_changed"]);
        changes.Select(change => change.GetProperty("version").GetInt64()).ShouldBe([1, 2]);
        changes.Select(change => change.GetProperty("by").GetString()).ShouldBe([id.ToString(), id.ToString()]);
        changes.Select(change => change.GetProperty("byKind").GetString()).ShouldBe(["person", "person"]);
        foreach (var change in changes)
        {
            change.GetProperty("at").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
            change.GetProperty("correlationId").GetString().ShouldNotBeNullOrEmpty();
            change.GetProperty("data").TryGetProperty("personal", out _).ShouldBeFalse();
        }

        changes[0].GetProperty("data").GetProperty("details").GetProperty("name").GetProperty("family").GetString().ShouldBe("Иванова");
        changes[1].GetProperty("data").GetProperty("details").GetProperty("name").GetProperty("family").GetString().ShouldBe("Петрова");
        changes[1].GetProperty("data").GetProperty("changed").EnumerateArray().Select(field => field.GetString()).ShouldBe(["name", "region"]);
    }

    public static TheoryData<string, string> Malformed => new()
    {
        { """{"birthDate":"1999-01-31","region":"RU-MOW"}""", "name" },
        { """{"name":{"given":"Анна"},"birthDate":"1999-01-31","region":"RU-MOW"}""", "name.family" },
        { """{"name":{"family":null,"given":"Анна"},"birthDate":"1999-01-31","region":"RU-MOW"}""", "name.family" },
        { """{"name":{"family":"Иванова","given":"Анна"},"birthDate":"31.01.1999","region":"RU-MOW"}""", "birthDate" },
        { """{"name":{"family":"Иванова","given":"Анна"},"birthDate":"1999-02-30","region":"RU-MOW"}""", "birthDate" },
        { """{"name":{"family":"Иванова","given":"Анна"},"birthDate":"1999-01-31","region":7}""", "region" },
        { """{"name":{"family":"Иванова","given":"Анна"},"birthDate":"1999-01-31","region":"RU-XYZ"}""", "region" },
        { """{"name":{"family":"","given":"Анна"},"birthDate":"1999-01-31","region":"RU-MOW"}""", "name.family" },
        { """{"name":{"family":"Ива\u0000нова","given":"Анна"},"birthDate":"1999-01-31","region":"RU-MOW"}""", "name.family" },
        { """{"name":{"family":"Иванова","given":"Анна"},"birthDate":"2999-01-31","region":"RU-MOW"}""", "birthDate" },
        { """{"name":{"family":"Иванова","given":"Анна"},"birthDate":"1999-01-31","region":"RU-MOW","contacts":{"email":"?"}}""", "contacts.email" },
        { """{"name":{"family":"Иванова","given":"Анна"},"birthDate":"1999-01-31","region":"RU-MOW","contacts":{"phone":"?"}}""", "contacts.phone" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task bad_input_is_refused_with_the_field_that_is_bad(string json, string field)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await host.Person(Guid.NewGuid()).PostAsync(new Uri(Volunteers, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var problem = await response.ProblemAsync(HttpStatusCode.BadRequest);
        problem.Errors.ShouldNotBeNull().Keys.ShouldBe([field]);
    }

    [Fact]
    public async Task text_of_a_megabyte_is_refused_with_its_field()
    {
        using var response = await host.Person(Guid.NewGuid()).PostJsonAsync(Volunteers, Body(family: new string('я', 1 << 20)));
        (await response.ProblemAsync(HttpStatusCode.BadRequest)).Errors.ShouldNotBeNull().Keys.ShouldBe(["name.family"]);
    }

    [Fact]
    public async Task half_a_surrogate_pair_does_no_harm()
    {
        const string Json = """{"name":{"family":"Ива\ud800нова","given":"Анна"},"birthDate":"1999-01-31","region":"RU-MOW"}""";
        using var content = new StringContent(Json, Encoding.UTF8, "application/json");
        using var response = await host.Person(Guid.NewGuid()).PostAsync(new Uri(Volunteers, UriKind.Relative), content, TestContext.Current.CancellationToken);
        await response.ProblemAsync(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task only_a_person_is_a_volunteer()
    {
        using var nobody = await host.Anonymous().PostJsonAsync(Volunteers, Body());
        await nobody.ProblemAsync(HttpStatusCode.Unauthorized);
        foreach (var machine in new[]
        {
            host.Machine("an-organisation", "organisation"),
            host.Machine("an-analyst", "events"),
            host.Machine("services", "integration"),
        })
        {
            using var posted = await machine.PostJsonAsync(Volunteers, Body());
            await posted.ProblemAsync(HttpStatusCode.Forbidden);
            using var read = await machine.GetResponseAsync(Me);
            await read.ProblemAsync(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task when_the_key_is_destroyed_the_person_is_erased()
    {
        var (id, client) = await RegisteredAsync(Body(family: "Забытая"));
        var keys = host.Services.GetRequiredService<PersonKeys>();
        (await keys.Destroy(id, TestContext.Current.CancellationToken)).ShouldBeTrue();
        (await keys.Destroy(id, TestContext.Current.CancellationToken)).ShouldBeFalse();

        var profile = await client.GetJsonAsync<OwnProfile>(Me);
        profile.ShouldBe(new OwnProfile(id, null, null, "RU-MOW", null, profile.RegisteredAt, Erased: true));
        var change = (await client.GetJsonAsync($"{Me}/history")).EnumerateArray().Single();
        change.GetProperty("data").GetProperty("details").ValueKind.ShouldBe(JsonValueKind.Null);

        using var put = await client.PutJsonAsync(Me, Body(), version: 1);
        await put.ProblemAsync(HttpStatusCode.Conflict, "erased");
        using var post = await client.PostJsonAsync(Volunteers, Body());
        await post.ProblemAsync(HttpStatusCode.Conflict, "erased");
        (await keys.FindOrCreate(id, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task keys_are_wrapped_and_in_a_schema_of_their_own()
    {
        var (id, _) = await RegisteredAsync();
        var wrapped = (await host.QueryAsync<byte[]>("select wrapped from keys.person_keys where person_id = $1", id)).ShouldHaveSingleItem();
        var key = MasterKey.From(null, isDevelopment: true).Unwrap(id, wrapped);
        key.Length.ShouldBe(32);
        Convert.ToHexString(wrapped).ShouldNotContain(Convert.ToHexString(key));
        (await host.TablesHoldingAsync(Convert.ToHexStringLower(key))).ShouldBeEmpty();
    }

    [Fact]
    public async Task a_service_with_another_master_key_reads_nobody()
    {
        var (id, _) = await RegisteredAsync();
        var another = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        await using var source = Npgsql.NpgsqlDataSource.Create(host.Database);
        var keys = new PersonKeys(source, MasterKey.From(another, isDevelopment: false), TimeProvider.System);
        (await Should.ThrowAsync<InvalidOperationException>(keys.Find(id, TestContext.Current.CancellationToken))).Message.ShouldNotContain(another);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("development")]
    [InlineData("AAAA")]
    public async Task in_production_the_service_does_not_start_without_a_master_key_of_its_own(string? key)
    {
        var settings = host.Settings with { Environment = "Production" };
        settings = key is null ? settings : settings.With(MasterKey.Setting, key == "development" ? MasterKey.DevelopmentValue : key);
        var refused = await Should.ThrowAsync<Exception>(ServiceHost.StartAsync<Volunteer>(settings));
        refused.GetBaseException().Message.ShouldContain(MasterKey.Setting);
    }
}
