using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using VolunteerBook.EventSourcing.Tests.Counting;
using VolunteerBook.Testing;

namespace VolunteerBook.EventSourcing.Tests;

/// <summary>Idempotency-Key: a repeat gives the same answer and has one effect.</summary>
public sealed class IdempotencyTests(CountingSystem system) : IClassFixture<CountingSystem>, IAsyncLifetime
{
    private readonly string key = Guid.NewGuid().ToString();
    private RunningService counting = null!;

    public async ValueTask InitializeAsync() => counting = await system.CountingAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task a_repeat_gives_the_same_answer_and_has_one_effect()
    {
        using var client = counting.Client(system.Person());
        var before = await EventsAsync();
        using var first = await client.PostJsonAsync("/api/v1/counters", new { by = 3 }, idempotencyKey: key);
        using var second = await client.PostJsonAsync("/api/v1/counters", new { by = 3 }, idempotencyKey: key);
        await first.ShouldBeAsync(HttpStatusCode.Created);
        await second.ShouldBeAsync(HttpStatusCode.Created);
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        second.Headers.Location.ShouldBe(first.Headers.Location.ShouldNotBeNull());
        second.Headers.ETag.ShouldBe(first.Headers.ETag.ShouldNotBeNull());
        second.Content.Headers.ContentType.ShouldBe(first.Content.Headers.ContentType.ShouldNotBeNull());
        first.Headers.Contains("Idempotent-Replayed").ShouldBeFalse();
        second.Headers.GetValues("Idempotent-Replayed").ShouldBe(["true"]);
        (await EventsAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task a_repeated_change_is_not_stale()
    {
        using var client = counting.Client(system.Person());
        var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 })).IdAsync();
        using var first = await client.PostJsonAsync($"/api/v1/counters/{id}/counts", new { by = 2 }, version: 1, idempotencyKey: key);
        using var second = await client.PostJsonAsync($"/api/v1/counters/{id}/counts", new { by = 2 }, version: 1, idempotencyKey: key);
        await second.ShouldBeAsync(HttpStatusCode.NoContent);
        second.Version().ShouldBe(2);
        (await counting.QueryAsync<long>("select version from mt_streams where id = $1", id)).ShouldBe([2L]);
    }

    [Fact]
    public async Task duplicates_at_the_same_time_have_one_effect()
    {
        using var client = counting.Client(system.Person());
        var before = await EventsAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var response = await client.PostJsonAsync("/api/v1/counters", new { by = 3 }, idempotencyKey: key);
            return await response.IdAsync();
        }));
        ids.Distinct().Count().ShouldBe(1);
        (await EventsAsync()).ShouldBe(before + 1);
    }

    [Fact]
    public async Task many_keys_at_the_same_time_do_not_wait_for_each_other_for_ever()
    {
        using var client = counting.Client(system.Person());
        var before = await EventsAsync();
        // More than there are connections to the database.
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 300).Select(number => client.PostJsonAsync("/api/v1/counters", new { by = 1 }, idempotencyKey: $"{key} {number % 150}")));
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.Created);
        (await EventsAsync()).ShouldBe(before + 150);
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }

    [Fact]
    public async Task another_body_path_or_version_under_the_same_key_is_422()
    {
        using var client = counting.Client(system.Person());
        var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 3 }, idempotencyKey: key)).IdAsync();
        var before = await EventsAsync();
        foreach (var (path, body, version) in new (string, object, long?)[]
        {
            ("/api/v1/counters", new { by = 4 }, null),
            ("/api/v1/counters?again=1", new { by = 3 }, null),
            ($"/api/v1/counters/{id}/counts", new { by = 3 }, 1),
            ("/api/v1/counters", new { by = 3 }, 1),
        })
        {
            using var response = await client.PostJsonAsync(path, body, version, key);
            var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
            problem.Errors!.Keys.ShouldBe(["Idempotency-Key"]);
        }

        (await EventsAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task an_empty_key_is_none_and_is_told_so()
    {
        using var client = counting.Client(system.Person());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/counters") { Content = JsonContent.Create(new { by = 3 }) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", "");
        using var response = await client.SendAsync(request);
        (await response.ProblemAsync(HttpStatusCode.BadRequest, "malformed-value")).Errors!.Keys.ShouldBe(["Idempotency-Key"]);
    }

    [Fact]
    public async Task a_key_is_its_callers_own()
    {
        using var one = counting.Client(system.Person());
        using var another = counting.Client(system.Person());
        var first = await (await one.PostJsonAsync("/api/v1/counters", new { by = 3 }, idempotencyKey: key)).IdAsync();
        var second = await (await another.PostJsonAsync("/api/v1/counters", new { by = 7 }, idempotencyKey: key)).IdAsync();
        second.ShouldNotBe(first);
    }

    [Fact]
    public async Task an_answer_is_kept_for_a_week()
    {
        var own = new CountingSystem();
        await own.InitializeAsync();
        await using var ending = own;
        var first = await own.CountingAsync();
        var person = own.Person();
        var repeats = new Dictionary<string, Guid>();
        foreach (var days in new[] { 6, 8 })
        {
            repeats[$"{days}"] = await (await first.Client(person).PostJsonAsync("/api/v1/counters", new { by = 1 }, idempotencyKey: $"{days}")).IdAsync();
            await first.QueryAsync<long>(
                "with aged as (update idempotent_requests set at = now() - make_interval(days => $2) where key = $1 returning 1) select count(*) from aged",
                Hash($"{days}"), days);
        }

        await first.StopAsync();
        var second = await own.StartCountingAsync(ServiceSettings.FreeAddress());
        await Eventually.Is(async () => (await second.QueryAsync<string>("select key from idempotent_requests")).ShouldBe([Hash("6")]));

        (await (await second.Client(person).PostJsonAsync("/api/v1/counters", new { by = 1 }, idempotencyKey: "6")).IdAsync()).ShouldBe(repeats["6"]);
        (await (await second.Client(person).PostJsonAsync("/api/v1/counters", new { by = 1 }, idempotencyKey: "8")).IdAsync()).ShouldNotBe(repeats["8"]);
    }

    [Fact]
    public async Task a_request_that_broke_down_after_saving_has_no_effect_and_can_be_sent_again()
    {
        using var client = counting.Client(system.Person());
        var before = await EventsAsync();
        counting.Faults.AfterSaving = true;
        using var broken = await client.PostJsonAsync("/api/v1/counters", new { by = 3 }, idempotencyKey: key);
        counting.Faults.AfterSaving = false;
        await broken.ProblemAsync(HttpStatusCode.InternalServerError, "internal-error");
        (await EventsAsync()).ShouldBe(before);
        (await counting.QueryAsync<long>("select count(*) from idempotent_requests where key = $1", Hash(key))).ShouldBe([0L]);

        var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 3 }, idempotencyKey: key)).IdAsync();
        (await EventsAsync()).ShouldBe(before + 1);
        (await counting.QueryAsync<Guid>("select stream_id from mt_events order by seq_id desc limit 1")).ShouldBe([id]);
    }

    [Fact]
    public async Task a_refusal_is_not_kept_and_what_was_refused_can_be_mended()
    {
        using var client = counting.Client(system.Person());
        using var refused = await client.PostJsonAsync("/api/v1/counters", new { by = -1 }, idempotencyKey: key);
        await refused.ProblemAsync(HttpStatusCode.BadRequest, "negative");
        using var malformed = await client.PostJsonAsync("/api/v1/counters", new { by = "many" }, idempotencyKey: key);
        await malformed.ProblemAsync(HttpStatusCode.BadRequest, "malformed-json");
        (await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 }, idempotencyKey: key)).IdAsync()).ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task a_key_without_end_is_refused()
    {
        using var client = counting.Client(system.Person());
        using var response = await client.PostJsonAsync("/api/v1/counters", new { by = 1 }, idempotencyKey: new string('k', 201));
        (await response.ProblemAsync(HttpStatusCode.BadRequest, "idempotency-key-too-long")).Errors!.Keys.ShouldBe(["Idempotency-Key"]);
    }

    [Fact]
    public async Task nobody_without_a_token_can_learn_or_leave_an_answer()
    {
        using var nobody = counting.Client();
        using var response = await nobody.PostJsonAsync("/api/v1/counters", new { by = 1 }, idempotencyKey: key);
        await response.ProblemAsync(HttpStatusCode.Unauthorized, "not-signed-in");
        (await counting.QueryAsync<long>("select count(*) from idempotent_requests where key = $1", Hash(key))).ShouldBe([0L]);
    }

    [Fact]
    public async Task what_changes_nothing_keeps_nothing()
    {
        using var client = counting.Client(system.Person());
        using var nobody = counting.Client();
        var id = await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 })).IdAsync();
        var before = await counting.QueryAsync<long>("select count(*) from idempotent_requests");
        foreach (var caller in new[] { client, nobody })
        {
            using var first = await caller.PostJsonAsync("/api/v1/sums", new { by = 1, note = "Анна Иванова" }, idempotencyKey: key);
            using var another = await caller.PostJsonAsync("/api/v1/sums", new { by = 2, note = "Пётр Петров" }, idempotencyKey: key);
            (await another.JsonAsync()).GetProperty("note").GetString().ShouldBe("Пётр Петров");
        }

        using var stale = await client.PostJsonAsync($"/api/v1/counters/{id}/counts", new { by = 1 }, version: 7, idempotencyKey: key);
        await stale.ShouldBeAsync(HttpStatusCode.PreconditionFailed);
        (await counting.QueryAsync<long>("select count(*) from idempotent_requests")).ShouldBe(before);
    }

    [Fact]
    public async Task without_an_account_a_key_is_shared_only_by_those_who_know_the_address()
    {
        using var client = counting.Client(system.Person());
        using var nobody = counting.Client();
        var ids = new[]
        {
            await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 })).IdAsync(),
            await (await client.PostJsonAsync("/api/v1/counters", new { by = 1 })).IdAsync(),
        };
        foreach (var id in ids.Concat(ids))
        {
            using var given = await nobody.PostJsonAsync($"/api/v1/counters/{id}/gifts", new { by = 1 }, idempotencyKey: key);
            await given.ShouldBeAsync(HttpStatusCode.NoContent);
        }

        (await counting.QueryAsync<long>("select version from mt_streams where id in ($1, $2)", ids[0], ids[1])).ShouldBe([2L, 2L]);
    }

    [Fact]
    public async Task neither_a_key_nor_what_it_was_used_for_can_be_read_or_guessed_from_what_is_kept()
    {
        using var client = counting.Client(system.Person());
        using var one = await client.PostJsonAsync("/api/v1/counters", new { by = 3, note = "Анна Иванова" }, idempotencyKey: $"anna@example.org {key}");
        using var two = await client.PostJsonAsync("/api/v1/counters", new { by = 3, note = "Анна Иванова" }, idempotencyKey: $"again {key}");
        (await counting.QueryAsync<string>("select row::text from idempotent_requests row where row::text ~ 'anna|Анна'")).ShouldBeEmpty();
        (await counting.QueryAsync<long>(
            "select count(*) from idempotent_requests where key in ($1, $2) group by request_hash", Hash($"anna@example.org {key}"), Hash($"again {key}")))
            .ShouldBe([1L, 1L]);
    }

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private async Task<long> EventsAsync() => (await counting.QueryAsync<long>("select count(*) from mt_events"))[0];
}
