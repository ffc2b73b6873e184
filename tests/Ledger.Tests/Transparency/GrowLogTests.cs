using System.Text;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Transparency;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Transparency;

/// <summary>The log grows by every event once, in order, whatever becomes of those who write it.</summary>
[Trait("Feature", "N4")]
public sealed class GrowLogTests : IAsyncLifetime
{
    private readonly LogHost log = new();

    public ValueTask InitializeAsync() => log.InitializeAsync();

    public ValueTask DisposeAsync() => log.DisposeAsync();

    [Fact]
    public async Task a_log_without_events_has_a_checkpoint() => (await log.SignedAsync()).ShouldSatisfyAllConditions(
        signed => signed.Size.ShouldBe(0),
        signed => signed.Root.ShouldBe(MerkleTree.EmptyRoot));

    [Fact]
    public async Task two_instances_that_are_cut_off_again_and_again_write_every_event_once()
    {
        await using var second = await ServiceHost.StartAsync<Entry>(log.Settings.At(ServiceSettings.FreeAddress()));
        var cutting = CutOffAsync(times: 8);
        for (var i = 0; i < 60 || !cutting.IsCompleted; i++)
        {
            await log.SubmitAsync();
        }

        await cutting;
        await log.Service.RestartAsync();
        var signed = await log.SignedAsync(120);

        (await log.CountAsync("select count(*) from mt_events")).ShouldBe(signed.Size);
        (await log.CountAsync("select count(*) from log_leaves l join mt_events e on e.id = l.event_id and e.seq_id = l.sequence")).ShouldBe(signed.Size);
        (await log.CountAsync("select count(*) from log_leaves")).ShouldBe(signed.Size);
        (await log.CountAsync("select max(index) + 1 from log_leaves")).ShouldBe(signed.Size);
        (await log.CountAsync("select count(*) from log_checkpoints")).ShouldBeGreaterThan(1);
        var report = await log.AuditAsync(signed);
        (report.Fault, report.Events, report.NotLogged).ShouldBe((null, signed.Size, 0));
    }

    [Fact]
    public async Task an_event_whose_transaction_is_slow_to_commit_is_not_passed_over()
    {
        var entry = await log.SubmitAsync();
        await log.SignedAsync(2);
        await using var connection = await log.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var append = new NpgsqlCommand(
            $"""
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
            select nextval('mt_events_sequence'), gen_random_uuid(), stream_id, 3, data, type, now(), tenant_id, mt_dotnet_type from mt_events
                where stream_id = '{entry}' and version = 2;
            update mt_streams set version = 3 where id = '{entry}'
            """, connection))
        {
            await append.ExecuteNonQueryAsync();
        }

        // What comes after it in the store is committed first.
        await log.SubmitAsync();
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await transaction.CommitAsync();

        var signed = await log.SignedAsync(5);
        (await log.CountAsync($"select index from log_leaves where stream_id = '{entry}' and version = 3")).ShouldBe(2);
        (await log.AuditAsync(signed)).Fault.ShouldBeNull();
    }

    [Fact]
    public async Task a_log_grows_beyond_what_32_bits_count()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        await log.ExecuteAsync($"select setval('mt_events_sequence', {int.MaxValue - 1L})");
        var entry = await log.SubmitAsync();
        await log.SubmitAsync();
        var signed = await log.SignedAsync(6);
        (await log.CountAsync("select max(sequence) from log_leaves")).ShouldBeGreaterThan(int.MaxValue);
        (await log.CountAsync("select count(*) from log_leaves l join mt_events e on e.id = l.event_id and e.seq_id = l.sequence")).ShouldBe(6);
        (await log.CountAsync($"select max(index) - min(index) from log_leaves where stream_id = '{entry}'")).ShouldBe(1);
        var report = await log.AuditAsync(signed);
        (report.Fault, report.Events, report.NotLogged).ShouldBe((null, 6L, 0L));
    }

    [Fact]
    public async Task an_event_is_in_a_checkpoint_within_a_minute()
    {
        // With the interval that the service has when nobody sets one, just after a checkpoint.
        await log.Service.StopAsync();
        var settings = log.Settings with
        {
            Configuration = log.Settings.Configuration.Where(setting => setting.Key != "Log:CheckpointInterval").ToDictionary(),
        };
        await using var service = await ServiceHost.StartAsync<Entry>(settings.At(log.Service.Address));
        await log.SubmitAsync();
        await log.SignedAsync(2, within: TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task an_erasure_breaks_no_proof_and_leaves_nothing_to_guess_by()
    {
        var person = Guid.CreateVersion7();
        var volunteer = log.Volunteer(person);
        var erased = await LogHost.SubmitAsync(volunteer);
        var kept = await log.SubmitAsync();
        var before = await log.SignedAsync(4);
        var proofs = await volunteer.GetJsonAsync<StreamProofs>($"/api/v1/entries/{erased}/proofs");

        await using (var session = log.Service.Services.GetRequiredService<IDocumentStore>().LightweightSession())
        {
            session.DestroySaltsOf(erased);
            await session.SaveChangesAsync();
        }

        await log.SubmitAsync();
        var after = await log.SignedAsync(6);
        var consistency = await log.Service.Client().GetJsonAsync<Consistency>($"/api/v1/log/consistency?from={before.Size}&to={after.Size}");
        MerkleTree.VerifyConsistency(before.Size, after.Size, before.Root, after.Root, consistency.Hashes).ShouldBeTrue();
        var again = await volunteer.GetJsonAsync<StreamProofs>($"/api/v1/entries/{erased}/proofs");
        again.Events.Count.ShouldBe(2);
        foreach (var (was, now) in proofs.Events.Zip(again.Events))
        {
            now.Commitment.ShouldBe(was.Commitment);
            MerkleTree.VerifyInclusion(
                now.Index, Checkpoint.Open(Encoding.UTF8.GetBytes(again.Checkpoint), log.Verifier)!.Size,
                MerkleTree.Leaf(now.Commitment), now.Inclusion, after.Root).ShouldBeTrue();
            // What somebody kept still proves what it proved.
            MerkleTree.VerifyInclusion(
                was.Index, before.Size, MerkleTree.Leaf(LeafCommitment.Of(was.Salt, Encoding.UTF8.GetBytes(was.Record))),
                was.Inclusion, before.Root).ShouldBeTrue();
            now.Salt.ShouldBeNull();
        }

        (await log.CountAsync($"select count(*) from log_salts s join log_leaves l on l.index = s.index where l.stream_id = '{kept}'")).ShouldBe(2);
        var report = await log.AuditAsync(before);
        (report.Fault, report.Erased).ShouldBe((null, 2));
        await log.ExecuteAsync($"update mt_events set version = version + 5 where stream_id = '{erased}'");
        (await log.AuditAsync()).Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.Moved);
    }

    [Fact]
    public async Task a_log_that_was_changed_by_hand_is_not_signed_any_more_until_it_is_mended()
    {
        string[] tables = ["log_leaves", "log_checkpoints"];
        foreach (var change in new[]
        {
            "update log_leaves set commitment = sha256(commitment) where index = (select max(index) from log_leaves)",
            "delete from log_leaves where index = (select max(index) from log_leaves)",
            "delete from log_checkpoints",
            "update log_checkpoints set note = replace(note, 'ledger', 'legder')",
        })
        {
            await log.SubmitAsync();
            var signed = await log.SignedAsync();
            await log.ExecuteAsync(string.Join(';', tables.Select(table => $"create table kept_{table} as table {table}").Append(change)));
            var counts = await CountsAsync();
            await log.SubmitAsync();
            // It has seen the new events, and more than once.
            await Eventually.Is(async () => (await log.CountAsync("select max(seq_id) from mt_events")).ShouldBeGreaterThanOrEqualTo(signed.Size + 2));
            await Task.Delay(TimeSpan.FromSeconds(2.5));

            (await CountsAsync()).ShouldBe(counts, change);
            (await log.AuditAsync()).Fault.ShouldNotBeNull(change).Kind.ShouldBe(FaultKind.LogRewritten, change);
            await log.ExecuteAsync(string.Join(
                ';', tables.Select(table => $"delete from {table}; insert into {table} select * from kept_{table}; drop table kept_{table}")));
            await log.SignedAsync(signed.Size + 2);
            (await log.AuditAsync(signed)).Fault.ShouldBeNull();
        }
    }

    [Fact]
    public async Task a_log_that_stands_still_degrades_the_service()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        await log.ExecuteAsync("update log_leaves set commitment = sha256(commitment) where index = 1");
        await log.SubmitAsync();
        (await HealthAsync()).ShouldBe("Healthy");
        await log.ExecuteAsync("update mt_events set timestamp = timestamp - interval '61 seconds' where seq_id > (select max(sequence) from log_leaves)");
        (await HealthAsync()).ShouldBe("Degraded");
    }

    [Fact]
    public async Task an_event_of_no_canonical_form_does_not_hold_up_the_log()
    {
        var entry = await log.SubmitAsync();
        await log.ExecuteAsync($$"""update mt_events set data = data || '{"odd": 1.5}' where stream_id = '{{entry}}' and version = 2""");
        await log.SignedAsync(2);
        await log.ExecuteAsync($$"""update mt_events set data = data || '{"odd": 1.50}' where stream_id = '{{entry}}' and version = 2""");
        // Whether the first change came before or after the leaf, the second came after.
        (await log.AuditAsync()).Fault.ShouldNotBeNull().Kind.ShouldBe(FaultKind.Altered);
    }

    [Theory]
    [InlineData("", "Log:SigningKey is not set")]
    [InlineData("c2hvcnQ=", "not 32 bytes in base64")]
    [InlineData("nonsense", "not 32 bytes in base64")]
    public async Task in_production_the_service_does_not_start_without_its_key(string key, string reason)
    {
        var settings = log.Settings.With(LogKey.Setting, key).At(ServiceSettings.FreeAddress()) with { Environment = "Production" };
        (await Should.ThrowAsync<Exception>(() => ServiceHost.StartAsync<Entry>(settings))).GetBaseException().Message.ShouldContain(reason);
    }

    [Fact]
    public async Task in_development_instances_share_a_key_of_their_own_making()
    {
        var database = await TestInfrastructure.CreateDatabaseAsync("ledger");
        var settings = log.Settings.With(LogKey.Setting, "").With("ConnectionStrings:ledger", database);
        await using var first = await ServiceHost.StartAsync<Entry>(settings.At(ServiceSettings.FreeAddress()));
        await using var second = await ServiceHost.StartAsync<Entry>(settings.At(ServiceSettings.FreeAddress()));
        var keys = await Task.WhenAll(new[] { first, second }.Select(service => service.Client().GetStringAsync(new Uri("/api/v1/log/key", UriKind.Relative))));
        keys[0].ShouldBe(keys[1]);
        keys[0].ShouldNotBe($"{log.Verifier}\n");
        var note = await Eventually.Value(() => second.Client().GetByteArrayAsync(new Uri("/api/v1/log/checkpoint", UriKind.Relative)));
        Checkpoint.Open(note, NoteVerifier.Parse(keys[0].TrimEnd())).ShouldNotBeNull();
    }

    private async Task<string?> HealthAsync() =>
        (await log.Service.Client().GetJsonAsync("/health")).GetProperty("checks").GetProperty("transparency-log").GetProperty("status").GetString();

    private async Task<(long Leaves, long Checkpoints)> CountsAsync() =>
        (await log.CountAsync("select count(*) from log_leaves"), await log.CountAsync("select count(*) from log_checkpoints"));

    /// <summary>Ends connections that are in the middle of a transaction of the log.</summary>
    private async Task CutOffAsync(int times)
    {
        for (var cut = 0L; cut < times;)
        {
            cut += await log.CountAsync(
                """
                select count(*) filter (where pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and application_name = 'ledger' and xact_start is not null and query ~ 'log_|transparency'
                """);
        }
    }
}
