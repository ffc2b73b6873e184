using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange;
using VolunteerBook.Ledger.Exchange.Webhooks;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Exchange;

/// <summary>Agencies' webhooks, each before a real server that verifies by the Standard Webhooks specification.</summary>
[Trait("Feature", "F40")]
public sealed class WebhooksOverHttp(ExchangeHost ledger) : IClassFixture<ExchangeHost>
{
    private async Task<(TestAgency Agency, Receiver Receiver)> AgencyAsync(AgencyKind kind = AgencyKind.Other, string? form = null)
    {
        var agency = await ledger.AgencyAsync(kind);
        var receiver = await Receiver.StartAsync(ledger.Clock.GetUtcNow);
        await SetAsync(agency, receiver, 0, form);
        return (agency, receiver);
    }

    private static async Task SetAsync(TestAgency agency, Receiver receiver, long version, string? form = null, bool newSecret = false)
    {
        var set = await (await agency.Client.PutJsonAsync("/api/v1/agency/webhook", new SetWebhook(receiver.Url.ToString(), null, form, newSecret), version))
            .ShouldBeAsync(HttpStatusCode.OK);
        if ((await set.JsonAsync()).TryGetProperty("secret", out var secret))
        {
            receiver.Secrets.Add(secret.GetString()!);
        }
    }

    private static async Task<List<JsonElement>> DeliveriesAsync(TestAgency agency, string status) =>
        [.. (await agency.Client.GetJsonAsync($"/api/v1/agency/deliveries?status={status}&limit=200")).GetProperty("items").EnumerateArray()];

    private static Task TookAsync(Receiver receiver, params string[] types) =>
        Eventually.Is(() =>
        {
            receiver.Once.Select(got => got.Type).ShouldBe(types);
            return Task.CompletedTask;
        });

    /// <summary>
    /// Puts the clock on to the next attempt, once nothing is left to be sent before it: never while a message is on its way, whose time would then look wrong.
    /// </summary>
    private async Task PutOnToTheNextAttemptAsync(TestAgency agency)
    {
        var heads = (await DeliveriesAsync(agency, "pending")).GroupBy(delivery => delivery.GetProperty("volunteerId").GetGuid())
            .Select(waiting => waiting.First().GetProperty("nextAttemptAt").GetDateTimeOffset()).ToList();
        if (heads.Count > 0 && heads.Min() is var next && next > ledger.Clock.GetUtcNow())
        {
            ledger.Clock.PutOn(next - ledger.Clock.GetUtcNow());
        }
    }

    [Fact]
    public async Task confirmed_amended_and_revoked_arrive_in_order_within_the_grant_and_are_on_the_access_list()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        var volunteer = ledger.Volunteer();
        var grant = await volunteer.GrantAsync(agency, from: new DateOnly(2025, 1, 1));
        await volunteer.ConfirmedAsync(start: "2024-05-09T10:00:00");
        var entry = await volunteer.ConfirmedAsync(points: 3);
        var amend = new CorrectEntry("Забота рядом", "D12", "RU-MOW", [EntryDecisions.AShift(200, "2025-05-09T10:00:00")], "ушёл раньше");
        await (await volunteer.Client.PostJsonAsync($"/api/v1/entries/{entry}/amendments", amend, version: 3)).ShouldBeAsync(HttpStatusCode.NoContent);
        ledger.Confirm(entry, revision: 2);
        await TookAsync(receiver, "grant.given", "entry.confirmed", "entry.amended");
        ledger.Revoke(entry, revision: 2);
        await TookAsync(receiver, "grant.given", "entry.confirmed", "entry.amended", "entry.revoked");

        var (given, confirmed, amended, revoked) = (receiver.Once[0], receiver.Once[1], receiver.Once[2], receiver.Once[3]);
        given.Data.GetProperty("grantId").GetGuid().ShouldBe(grant);
        confirmed.Data.GetProperty("entry").GetProperty("minutes").GetInt32().ShouldBe(240);
        confirmed.Data.GetProperty("entry").GetProperty("signature").GetString().ShouldBe($"jws.{entry}.1");
        confirmed.Data.GetProperty("entry").TryGetProperty("description", out JsonElement _).ShouldBeFalse();
        amended.Data.GetProperty("entry").GetProperty("minutes").GetInt32().ShouldBe(200);
        (revoked.Data.GetProperty("entryId").GetGuid(), revoked.Data.GetProperty("revision").GetInt32()).ShouldBe((entry, 2));
        revoked.Data.TryGetProperty("entry", out JsonElement _).ShouldBeFalse();
        receiver.Forged.ShouldBe(0);
        var accesses = (await volunteer.Client.GetJsonAsync($"/api/v1/grants/{grant}/accesses")).GetProperty("items").EnumerateArray().ToList();
        accesses.Select(access => access.GetProperty("message").GetString()).ShouldBe(["entry.revoked", "entry.amended", "entry.confirmed"]);
        accesses.ShouldAllBe(access => access.GetProperty("means").GetString() == "webhook");
    }

    [Fact]
    public async Task a_secret_lies_in_the_database_under_the_master_key_and_one_that_was_kept_before_still_signs()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        var secret = Convert.FromBase64String(receiver.Secrets.Single()["whsec_".Length..]);
        await using var stored = ledger.Database.CreateCommand("select secret from keys.webhook_secrets where agency_id = $1");
        stored.Parameters.Add(new() { Value = Agency.IdOf(agency.Id) });
        var hidden = (byte[])(await stored.ExecuteScalarAsync())!;
        hidden.AsSpan().IndexOf(secret).ShouldBe(-1);

        var volunteer = ledger.Volunteer();
        await volunteer.GrantAsync(agency);
        await TookAsync(receiver, "grant.given");

        // As it was kept before there was a master key.
        await using var old = ledger.Database.CreateCommand("update keys.webhook_secrets set secret = $2 where agency_id = $1");
        old.Parameters.Add(new() { Value = Agency.IdOf(agency.Id) });
        old.Parameters.Add(new() { Value = secret });
        await old.ExecuteNonQueryAsync();
        await volunteer.ConfirmedAsync();
        await TookAsync(receiver, "grant.given", "entry.confirmed");
        receiver.Forged.ShouldBe(0);
    }

    [Theory]
    [InlineData(AgencyKind.Education, "education")]
    [InlineData(AgencyKind.Employment, "employment")]
    [InlineData(AgencyKind.Taxation, "taxation")]
    [InlineData(AgencyKind.SocialProtection, "social-protection")]
    [InlineData(AgencyKind.Pension, "pension")]
    public async Task each_bodys_server_gets_its_own_form_and_reads_the_same_again(AgencyKind kind, string form)
    {
        var (agency, receiver) = await AgencyAsync(kind, form);
        await using var _ = receiver;
        var volunteer = ledger.Volunteer();
        await volunteer.GrantAsync(agency);
        await volunteer.ConfirmedAsync(90, points: 5);
        await TookAsync(receiver, "grant.given", "entry.confirmed");

        var sent = receiver.Once[1].Data.GetProperty("record");
        sent.GetProperty("form").GetString().ShouldBe($"urn:volunteerbook:form:{form}:{(form == "employment" ? 2 : 1)}");
        var read = await (await agency.ReadAsync(volunteer, form)).JsonAsync();
        foreach (var member in sent.EnumerateObject().Where(member => member.Name != "issuedAt"))
        {
            JsonElement.DeepEquals(member.Value, read.GetProperty(member.Name)).ShouldBeTrue(member.Name);
        }

        switch (form)
        {
            case "education":
                (sent.GetProperty("minutes").GetInt32(), sent.GetProperty("points").GetInt32()).ShouldBe((90, 5));
                sent.GetProperty("organisations")[0].GetProperty("organisationId").GetGuid().ShouldBe(ledger.Organisation);
                break;
            case "employment":
                (sent.GetProperty("experience")[0].GetProperty("start").GetString(), sent.GetProperty("experience")[0].GetProperty("description").GetString())
                    .ShouldBe(("2025-05", "Забота рядом"));
                break;
            case "taxation":
                (
                    sent.GetProperty("unpaid").GetBoolean(), sent.GetProperty("income").GetDecimal(),
                    sent.GetProperty("work")[0].GetProperty("minutes").GetInt32()).ShouldBe((true, 0, 90));
                break;
            case "social-protection":
                (sent.GetProperty("status").GetString(), sent.GetProperty("hours").GetInt32()).ShouldBe(("volunteer", 1));
                break;
            default:
                (sent.GetProperty("periods")[0].GetProperty("caring").GetBoolean(), sent.GetProperty("periods")[0].GetProperty("from").GetString())
                    .ShouldBe((true, "2025-05-09"));
                break;
        }
    }

    [Fact]
    public async Task a_receiver_that_is_down_slow_failing_and_cut_off_loses_nothing_keeps_the_order_and_can_tell_repeats_by_their_id()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        var random = new Random(20261123);
        // Every id is first met with trouble: too slow, an error, or a 200 whose answer is cut off.
        var met = new ConcurrentDictionary<Guid, int>();
        receiver.Behaviour = async (got, http) =>
        {
            var times = met.AddOrUpdate(got.Id, 1, (_, before) => before + 1);
            int choice;
            lock (random)
            {
                choice = times > 2 ? 0 : random.Next(4);
            }

            switch (choice)
            {
                case 1:
                    http.Response.StatusCode = 500;
                    return false;
                case 2:
                    // Taken, but too late for the sender to know.
                    await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    return true;
                case 3:
                    http.Abort();
                    return true;
                default:
                    return true;
            }
        };
        var volunteers = Enumerable.Range(0, 4).Select(_ => ledger.Volunteer()).ToList();
        await receiver.DownAsync();
        var expected = new Dictionary<Guid, List<string>>();
        foreach (var volunteer in volunteers)
        {
            await volunteer.GrantAsync(agency);
            var first = await volunteer.ConfirmedAsync(60);
            var second = await volunteer.ConfirmedAsync(61, "2025-06-09T10:00:00");
            ledger.Revoke(first);
            await volunteer.StatusAsync(first, "revoked");
            expected[volunteer.Id] = ["grant.given", $"entry.confirmed {first}", $"entry.confirmed {second}", $"entry.revoked {first}"];
        }

        await Eventually.Is(
            async () => (await DeliveriesAsync(agency, "pending")).Count(delivery => delivery.GetProperty("lastError").GetString() == "unreachable") == 4);
        await receiver.UpAsync();

        // In the middle the ledger stops, and starts again. Its clock runs ahead through the pauses.
        await Eventually.Is(async () =>
        {
            await PutOnToTheNextAttemptAsync(agency);
            receiver.Taken.Count.ShouldBeGreaterThan(4);
        });
        await ledger.Service.RestartAsync();
        await Eventually.Is(async () =>
        {
            await PutOnToTheNextAttemptAsync(agency);
            (await DeliveriesAsync(agency, "delivered")).Count.ShouldBe(16);
        });

        (await DeliveriesAsync(agency, "pending")).ShouldBeEmpty();
        (await DeliveriesAsync(agency, "dead")).ShouldBeEmpty();
        foreach (var volunteer in volunteers)
        {
            // The order of first sight is the order of the log, and no id stands for two things.
            var seen = receiver.Once.Where(got => got.Volunteer == volunteer.Id).ToList();
            seen.Select(got => got.Data.TryGetProperty("entryId", out var entry) ? $"{got.Type} {entry}" : got.Type).ShouldBe(expected[volunteer.Id]);
        }

        receiver.All.GroupBy(got => got.Id).ShouldAllBe(same => same.Select(got => got.Text).Distinct().Count() == 1);
        receiver.All.Count.ShouldBeGreaterThan(16);
        receiver.Forged.ShouldBe(0);
    }

    [Fact]
    public async Task a_grant_withdrawn_sends_nothing_more_but_that_it_is_withdrawn()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        var volunteer = ledger.Volunteer();
        var grant = await volunteer.GrantAsync(agency);
        await volunteer.ConfirmedAsync();
        await TookAsync(receiver, "grant.given", "entry.confirmed");
        receiver.Behaviour = (_, http) =>
        {
            http.Response.StatusCode = 500;
            return Task.FromResult(false);
        };
        var waiting = await volunteer.ConfirmedAsync(30, "2025-07-09T10:00:00");
        await volunteer.ConfirmedAsync(31, "2025-08-09T10:00:00");
        // One attempt is over and the next is far.
        await Eventually.Is(async () => (await DeliveriesAsync(agency, "pending")) is { Count: 2 } both
            && both.Any(delivery => delivery.GetProperty("attempts").GetInt32() == 1));

        await volunteer.WithdrawAsync(grant);
        await (await agency.ReadAsync(volunteer)).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await Eventually.Is(async () => (await DeliveriesAsync(agency, "dropped")).Count == 2);
        receiver.Behaviour = (_, _) => Task.FromResult(true);
        await volunteer.ConfirmedAsync(32, "2025-09-09T10:00:00");
        ledger.Clock.PutOn(TimeSpan.FromHours(1));
        await TookAsync(receiver, "grant.given", "entry.confirmed", "grant.withdrawn");

        // Not by replay either: the bodies are gone.
        var dropped = (await DeliveriesAsync(agency, "dropped"))[0].GetProperty("id").GetGuid();
        await (await agency.Client.PostJsonAsync($"/api/v1/agency/deliveries/{dropped}/replay")).ProblemAsync(HttpStatusCode.Conflict, "grant-ended");
        await using var bodies = ledger.Database.CreateCommand(
            $"select count(*) from webhook_deliveries where grant_id = '{grant}' and body is not null and type <> 'grant.withdrawn'");
        (await bodies.ExecuteScalarAsync()).ShouldBe(0L);
        receiver.Once.ShouldAllBe(got => !got.Text.Contains(waiting.ToString()) || got.Type == "entry.confirmed");
    }

    [Fact]
    public async Task after_all_attempts_a_message_is_dead_the_later_ones_go_on_and_a_replay_brings_it_under_the_same_id()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        var volunteer = ledger.Volunteer();
        await volunteer.GrantAsync(agency);
        await TookAsync(receiver, "grant.given");
        receiver.Behaviour = (got, http) =>
        {
            var refused = got.Text.Contains("\"minutes\":78,", StringComparison.Ordinal);
            http.Response.StatusCode = refused ? 500 : 200;
            return Task.FromResult(!refused);
        };
        var started = ledger.Clock.GetUtcNow();
        await volunteer.ConfirmedAsync(78, "2025-06-10T10:00:00");
        var later = await volunteer.ConfirmedAsync(79, "2025-07-10T10:00:00");
        await Eventually.Is(async () =>
        {
            await PutOnToTheNextAttemptAsync(agency);
            (await DeliveriesAsync(agency, "dead")).Count.ShouldBe(1);
            receiver.Once.ShouldContain(got => got.Text.Contains(later.ToString()));
        });
        (ledger.Clock.GetUtcNow() - started).ShouldBeGreaterThan(TimeSpan.FromDays(3));
        var dead = (await DeliveriesAsync(agency, "dead"))[0];
        (dead.GetProperty("attempts").GetInt32(), dead.GetProperty("lastStatus").GetInt32()).ShouldBe((10, 500));
        var deadId = dead.GetProperty("id").GetGuid();
        receiver.Once.ShouldNotContain(got => got.Id == deadId);

        receiver.Behaviour = (_, _) => Task.FromResult(true);
        await (await agency.Client.PostJsonAsync($"/api/v1/agency/deliveries/{deadId}/replay")).ShouldBeAsync(HttpStatusCode.NoContent);
        await Eventually.Is(() => Task.FromResult(receiver.Once.Any(got => got.Id == deadId)));
        await Eventually.Is(async () => (await DeliveriesAsync(agency, "delivered")).Any(delivery => delivery.GetProperty("id").GetGuid() == deadId));
        var before = receiver.Once.Select(got => got.Id).ToHashSet();
        var taken = receiver.Taken.Count;

        // A replay of everything, asked for twice under one key, and once under another.
        var all = new ReplayMessages(ledger.Clock.GetUtcNow().AddYears(-1), ledger.Clock.GetUtcNow().AddYears(1));
        var first = await (await agency.Client.PostJsonAsync("/api/v1/agency/replay", all, idempotencyKey: "all")).JsonAsync();
        (await (await agency.Client.PostJsonAsync("/api/v1/agency/replay", all, idempotencyKey: "all")).JsonAsync()).ToString().ShouldBe(first.ToString());
        first.GetProperty("messages").GetInt32().ShouldBe(before.Count);
        await Eventually.Is(async () => receiver.Taken.Count >= taken + before.Count && (await DeliveriesAsync(agency, "delivered")).Count == before.Count);
        receiver.Once.Select(got => got.Id).ToHashSet().SetEquals(before).ShouldBeTrue();
    }

    [Fact]
    public async Task gone_disables_the_webhook_until_it_is_set_again_and_nothing_is_lost()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        var volunteer = ledger.Volunteer();
        receiver.Behaviour = (_, http) =>
        {
            http.Response.StatusCode = 410;
            return Task.FromResult(false);
        };
        await volunteer.GrantAsync(agency);
        await Eventually.Is(
            async () => (await agency.Client.GetJsonAsync("/api/v1/agency/webhook")).GetProperty("disabledAt").ValueKind == JsonValueKind.String);
        await volunteer.ConfirmedAsync();
        ledger.Clock.PutOn(TimeSpan.FromDays(1));
        await Eventually.Is(async () => (await DeliveriesAsync(agency, "pending")).Count == 2);
        var attempts = receiver.All.Count;

        receiver.Behaviour = (_, _) => Task.FromResult(true);
        await SetAsync(agency, receiver, 3);
        await TookAsync(receiver, "grant.given", "entry.confirmed");
        attempts.ShouldBe(1);
    }

    [Fact]
    public async Task messages_that_are_done_with_go_after_90_days_and_what_waits_or_was_tried_since_stays()
    {
        var agency = await ledger.AgencyAsync();
        var volunteer = ledger.Volunteer();
        var (holds, ended) = (await volunteer.GrantAsync(agency), await ledger.Volunteer().GrantAsync(agency));
        await using (var end = ledger.Database.CreateCommand(
            "update mt_doc_grant set data = jsonb_set(data, '{until}', to_jsonb(current_date - 91)) where id = $1"))
        {
            end.Parameters.Add(new() { Value = ended });
            (await end.ExecuteNonQueryAsync()).ShouldBe(1);
        }

        // Days since it was made, since it was last tried; whether an attempt is planned, beyond what the clock is put on to here.
        (string Type, Guid Grant, string Status, int Days, int? Tried, bool Planned)[] messages =
        [
            ("gone.delivered", holds, "delivered", 91, 91, false), ("gone.dead", holds, "dead", 100, 96, false),
            ("gone.dropped", holds, "dropped", 91, null, false),
            ("gone.unsent", ended, "pending", 200, null, false),
            ("kept.delivered", holds, "delivered", 89, 89, false), ("kept.replayed", holds, "delivered", 200, 3, false),
            ("kept.dead", holds, "dead", 92, 89, false),
            ("kept.off", holds, "pending", 200, 200, false), ("kept.planned", ended, "pending", 200, 200, true),
            ("kept.late", ended, "pending", 10, null, false),
        ];
        foreach (var (type, grant, status, days, tried, planned) in messages)
        {
            await using var made = ledger.Database.CreateCommand(
                """
                insert into webhook_deliveries (id, number, agency_id, volunteer_id, grant_id, event_id, type, at, entries, minutes, status, attempts,
                    next_at, recorded, last_at)
                select gen_random_uuid(), 1000000 + nextval('mt_events_sequence'), $1, $2, $3, gen_random_uuid(), $4,
                    now() - make_interval(days => $6), 0, 0, $5, 1,
                    case when $8 then now() + interval '10 years' end, true, now() - make_interval(days => $7)
                """);
            foreach (var value in new object[] { Guid.CreateVersion7(), volunteer.Id, grant, type, status, days, (object?)tried ?? DBNull.Value, planned })
            {
                made.Parameters.Add(value is DBNull ? new() { Value = value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer } : new() { Value = value });
            }

            await made.ExecuteNonQueryAsync();
        }

        await ledger.Service.Services.GetServices<IWhileLeading>()
            .OfType<RemoveWhatIsOver>().Single(remover => remover.Table == "webhook_deliveries").RemoveAsync(TestContext.Current.CancellationToken);

        var left = new List<string>();
        await using var look = ledger.Database.CreateCommand("select type from webhook_deliveries where type like 'gone.%' or type like 'kept.%'");
        await using var row = await look.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            left.Add(row.GetString(0));
        }

        left.ShouldBe(messages.Select(message => message.Type).Where(type => type.StartsWith("kept.", StringComparison.Ordinal)), ignoreOrder: true);
    }

    [Fact]
    public async Task a_new_secret_and_the_one_before_it_both_sign_for_a_day()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        var old = receiver.Secrets.Single();
        await SetAsync(agency, receiver, 2, newSecret: true);
        receiver.Secrets.Distinct().Count().ShouldBe(2);
        (await agency.Client.GetJsonAsync("/api/v1/agency/webhook")).TryGetProperty("secret", out JsonElement _).ShouldBeFalse();
        var volunteer = ledger.Volunteer();
        await volunteer.GrantAsync(agency);
        await TookAsync(receiver, "grant.given");
        receiver.Once[0].Signatures.ShouldBe(2);

        ledger.Clock.PutOn(TimeSpan.FromHours(25));
        await volunteer.ConfirmedAsync();
        await TookAsync(receiver, "grant.given", "entry.confirmed");
        receiver.Once[1].Signatures.ShouldBe(1);
        // No event and no answer tells a secret again.
        await using var told = ledger.Database.CreateCommand("select count(*) from mt_events where data::text like '%whsec%' or data::text like $1");
        told.Parameters.Add(new NpgsqlParameter { Value = $"%{old["whsec_".Length..]}%" });
        (await told.ExecuteScalarAsync()).ShouldBe(0L);
    }

    [Fact]
    public async Task a_message_that_was_tampered_with_is_refused_by_the_receiver()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        var volunteer = ledger.Volunteer();
        string? signature = null, timestamp = null;
        receiver.Behaviour = (_, http) =>
        {
            (signature, timestamp) = (http.Request.Headers["webhook-signature"].ToString(), http.Request.Headers["webhook-timestamp"].ToString());
            return Task.FromResult(true);
        };
        await volunteer.GrantAsync(agency);
        await TookAsync(receiver, "grant.given");
        var got = receiver.Once[0];

        receiver.Verify(got.Id.ToString(), timestamp!, signature!, got.Text).ShouldBe(1);
        foreach (var (id, at, body) in new[]
        {
            (got.Id.ToString(), timestamp!, got.Text.Replace("2027", "2031", StringComparison.Ordinal) + " "),
            (Guid.CreateVersion7().ToString(), timestamp!, got.Text),
            (
                got.Id.ToString(),
                (long.Parse(timestamp!, System.Globalization.CultureInfo.InvariantCulture) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
                got.Text),
        })
        {
            using var forged = new HttpRequestMessage(HttpMethod.Post, receiver.Url)
            {
                Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
            };
            forged.Headers.Add("webhook-id", id);
            forged.Headers.Add("webhook-timestamp", at);
            forged.Headers.TryAddWithoutValidation("webhook-signature", signature);
            using var client = new HttpClient();
            (await client.SendAsync(forged)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        receiver.Forged.ShouldBe(3);
    }

    [Fact]
    public async Task an_agency_sees_its_own_messages_page_by_page_and_no_others()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        for (var i = 0; i < 5; i++)
        {
            await ledger.Volunteer().GrantAsync(agency);
        }

        await Eventually.Is(async () => (await DeliveriesAsync(agency, "delivered")).Count == 5);
        var ids = await agency.Client.IdsOfAllPagesAsync("/api/v1/agency/deliveries?limit=2");
        ids.ShouldBe((await DeliveriesAsync(agency, "delivered")).Select(delivery => delivery.GetProperty("id").GetGuid()));
        var other = await ledger.AgencyAsync();
        (await DeliveriesAsync(other, "")).ShouldBeEmpty();
        await (await other.Client.PostJsonAsync($"/api/v1/agency/deliveries/{ids[0]}/replay")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await other.Client.GetResponseAsync("/api/v1/agency/webhook")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
        await (await other.Client.PutJsonAsync("/api/v1/agency/webhook", new SetWebhook("http://agency.example/"), 0))
            .ProblemAsync(HttpStatusCode.BadRequest, "url-malformed");
    }

    [Fact]
    public async Task what_an_instance_that_died_had_claimed_is_sent_by_another_when_the_claim_runs_out()
    {
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        await receiver.DownAsync();
        var (held, free) = (ledger.Volunteer(), ledger.Volunteer());
        await held.GrantAsync(agency);
        await Eventually.Is(async () => (await DeliveriesAsync(agency, "pending")).Count(delivery => delivery.GetProperty("attempts").GetInt32() >= 1) == 1);
        var claimed = (await DeliveriesAsync(agency, "pending"))[0].GetProperty("id").GetGuid();
        // As a killed instance leaves it: claimed, and nothing noted.
        await ClaimAsync("1 hour");
        await receiver.UpAsync();
        ledger.Clock.PutOn(TimeSpan.FromMinutes(10));
        await free.GrantAsync(agency);
        await Eventually.Is(() => Task.FromResult(receiver.Once.Count == 1));
        await ClaimAsync("0");
        await Eventually.Is(() => Task.FromResult(receiver.Once.Count == 2));
        receiver.Once.Select(got => got.Volunteer).ShouldBe([free.Id, held.Id]);

        async Task ClaimAsync(string longer)
        {
            await using var claim = ledger.Database.CreateCommand(
                $"update webhook_deliveries set claimed_until = now() + interval '{longer}' where id = '{claimed}'");
            await claim.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task two_instances_send_side_by_side_each_message_once_and_in_order()
    {
        await using var second = await ServiceHost.StartAsync<Entry>(ledger.Settings);
        var (agency, receiver) = await AgencyAsync();
        await using var _ = receiver;
        var volunteers = Enumerable.Range(0, 12).Select(_ => ledger.Volunteer()).ToList();
        var grants = await Task.WhenAll(volunteers.Select(volunteer => volunteer.GrantAsync(agency)));
        await Task.WhenAll(volunteers.Zip(grants).Select(pair => pair.First.WithdrawAsync(pair.Second)));
        await Task.WhenAll(volunteers.Select(volunteer => volunteer.GrantAsync(agency)));
        // Nothing may wait only because it has not been written down yet.
        await Eventually.Is(async () => (await DeliveriesAsync(agency, "pending")).Count == 0 && receiver.Once.Count(got => got.Type == "grant.withdrawn") == 12
            && volunteers.All(volunteer => receiver.Once.LastOrDefault(got => got.Volunteer == volunteer.Id)?.Type == "grant.given"));

        receiver.Taken.Count.ShouldBe(receiver.Once.Count);
        foreach (var volunteer in volunteers)
        {
            // The first grant's message may have been dropped, as it was taken back at once.
            receiver.Once.Where(got => got.Volunteer == volunteer.Id).Select(got => got.Type).TakeLast(2).ShouldBe(["grant.withdrawn", "grant.given"]);
        }
    }

    [Fact]
    public async Task outside_development_a_name_that_leads_behind_our_walls_is_not_called()
    {
        var behind = new[] { Dns.GetHostName(), "localhost." }.FirstOrDefault(name =>
        {
            try
            {
                return Dns.GetHostAddresses(name) is { Length: > 0 } found && !found.All(PublicAddresses.IsPublic);
            }
            catch (System.Net.Sockets.SocketException)
            {
                return false;
            }
        });
        behind.ShouldNotBeNull("no name leads to an address of this machine");
        var agency = await ledger.AgencyAsync();
        var database = await TestInfrastructure.CreateDatabaseAsync("ledger");
        await using var outside = await ServiceHost.StartAsync<Entry>(
            ledger.Settings.With("ConnectionStrings:ledger", database)
                .With("ConnectionStrings:bus", await TestInfrastructure.CreateVirtualHostAsync()).WithIssuer() with
            {
                Environment = "Staging",
            });
        var (machine, administrator, volunteer) =
            (outside.Client(ledger.Token(agency)), outside.Client(ledger.AdministratorToken()), outside.Client(ledger.AdministratorToken()));
        var set = new SetAgency(
            new BothLanguages("Ведомство", "Agency"), AgencyKind.Other, [new Purpose(ExchangeHost.Purpose, new BothLanguages("Проверка", "Checks"))]);
        await (await administrator.PutJsonAsync($"/api/v1/agencies/{agency.Id}", set, version: 0)).ShouldBeAsync(HttpStatusCode.NoContent);
        await (await machine.PutJsonAsync("/api/v1/agency/webhook", new SetWebhook("https://127.0.0.1/hook"), 0))
            .ProblemAsync(HttpStatusCode.BadRequest, "address-refused");
        await (await machine.PutJsonAsync("/api/v1/agency/webhook", new SetWebhook($"https://{behind}/hook"), 0)).ShouldBeAsync(HttpStatusCode.OK);
        await (await volunteer.PostJsonAsync(
            "/api/v1/grants",
            new GiveGrant(agency.Id, ExchangeHost.Purpose, GrantDepth.Totals, DateOnly.FromDateTime(ledger.Clock.GetUtcNow().UtcDateTime)))).IdAsync();
        await Eventually.Is(async () =>
            (await machine.GetJsonAsync("/api/v1/agency/deliveries")).GetProperty("items")[0].GetProperty("lastError").GetString() == "address-refused");
    }
}
