using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Transparency;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Transparency;

/// <summary>The log's key hands over to another one: the log goes on, and nothing that anybody holds of it is worth less.</summary>
[Trait("Feature", "N4")]
public sealed class LogKeyRotation : IAsyncLifetime
{
    private const string NextKey = "HxwdHhsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=";
    private static readonly CancellationToken Ct = CancellationToken.None;
    private readonly LogHost log = new();
    private readonly NoteSigner first = Signer(LogHost.Key);
    private readonly NoteSigner next = Signer(NextKey);

    public ValueTask InitializeAsync() => log.InitializeAsync();

    public ValueTask DisposeAsync() => log.DisposeAsync();

    [Fact]
    public async Task the_log_goes_on_under_the_new_key_and_what_the_old_one_signed_stands()
    {
        var person = Guid.CreateVersion7();
        var entry = await LogHost.SubmitAsync(log.Volunteer(person));
        await log.SignedAsync(2);
        var kept = await NoteAsync(log.Service);
        var proofs = await log.Volunteer(person).GetJsonAsync<StreamProofs>($"/api/v1/entries/{entry}/proofs");

        (await RotateAsync(log.Settings.With(LogKey.NextSetting, NextKey))).ShouldBe(0);
        // As the last checkpoint was, both keys have signed it: who knows one of them can read it.
        var between = await NoteAsync(log.Service);
        var handed = Checkpoint.Open(Encoding.UTF8.GetBytes(between), first.Verifier).ShouldNotBeNull();
        Checkpoint.Open(Encoding.UTF8.GetBytes(between), next.Verifier).ShouldNotBeNull().ShouldSatisfyAllConditions(
            both => both.Size.ShouldBe(handed.Size), both => both.Root.ShouldBe(handed.Root));

        // An instance that still has the old key signs nothing more.
        var before = await CountsAsync();
        await log.SubmitAsync();
        await Task.Delay(TimeSpan.FromSeconds(2.5), Ct);
        (await CountsAsync()).ShouldBe(before);
        await log.Service.StopAsync();

        await using var service = await ServiceHost.StartAsync<Entry>(log.Settings.With(LogKey.Setting, NextKey).At(log.Service.Address));
        var note = await Eventually.Value(async () =>
        {
            var latest = await NoteAsync(service);
            Checkpoint.Open(Encoding.UTF8.GetBytes(latest), next.Verifier).ShouldNotBeNull().Size.ShouldBeGreaterThanOrEqualTo(handed.Size + 2);
            return latest;
        });
        Checkpoint.Open(Encoding.UTF8.GetBytes(note), first.Verifier).ShouldBeNull();

        // Whoever trusts either key gets to the other by what is published, and opens what each of them signed.
        var published = await service.Client().GetJsonAsync<PublishedLogKeys>("/api/v1/log/keys");
        published.Keys.Select(key => (key.Key, key.From, key.Until))
            .ShouldBe([(first.Verifier.ToString(), 0, handed.Size), (next.Verifier.ToString(), handed.Size, null)]);
        (published.Keys[0].Since, published.Keys[0].Succession).ShouldBe((null, null));
        published.Keys[1].Since.ShouldNotBeNull().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromMinutes(5));
        (await service.Client().GetStringAsync(new Uri("/api/v1/log/key", UriKind.Relative), Ct)).ShouldBe($"{next.Verifier}\n");
        foreach (var trusted in new[] { first, next })
        {
            var keys = LogKeys.Of(trusted.Verifier, [published.Keys[1].Succession!]);
            var (earlier, later) = (Opened(keys, kept), Opened(keys, note));
            var consistency = await service.Client().GetJsonAsync<Consistency>($"/api/v1/log/consistency?from={earlier.Size}&to={later.Size}");
            MerkleTree.VerifyConsistency(earlier.Size, later.Size, earlier.Root, later.Root, consistency.Hashes).ShouldBeTrue();
            foreach (var held in new[] { proofs, await service.Client(log.Token(person)).GetJsonAsync<StreamProofs>($"/api/v1/entries/{entry}/proofs") })
            {
                var (signed, own) = (Opened(keys, held.Checkpoint), NoteVerifier.Parse(held.Key));
                Checkpoint.Open(Encoding.UTF8.GetBytes(held.Checkpoint), own).ShouldNotBeNull().Root.ShouldBe(signed.Root);
                held.Events.Count.ShouldBe(2);
                held.Events.ShouldAllBe(one => MerkleTree.VerifyInclusion(one.Index, signed.Size, MerkleTree.Leaf(one.Commitment), one.Inclusion, signed.Root));
            }

            // A checkpoint of a tree that grew after it handed over is the old key's no more.
            keys.Open(Encoding.UTF8.GetBytes(Checkpoint.Sign(later.Size, later.Root, first))).ShouldBeNull();
            (await AuditAsync(trusted.Verifier, earlier)).ShouldSatisfyAllConditions(
                report => report.Fault.ShouldBeNull(),
                report => report.Events.ShouldBeGreaterThanOrEqualTo(later.Size),
                report => report.Checkpoints.ShouldBeGreaterThanOrEqualTo(2));
            (await CommandAsync("--key", trusted.Verifier.ToString(), "--checkpoint", await FileAsync(kept))).ShouldStartWith("0 audit: ok, ");
        }
    }

    [Fact]
    public async Task a_checkpoint_that_the_old_key_signed_after_it_handed_over_is_a_fault_and_no_ground_to_go_on()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        (await RotateAsync(log.Settings.With(LogKey.NextSetting, NextKey))).ShouldBe(0);
        await log.Service.StopAsync();
        await using var service = await ServiceHost.StartAsync<Entry>(log.Settings.With(LogKey.Setting, NextKey).At(log.Service.Address));
        await log.SubmitAsync();
        var grown = await Eventually.Value(async () =>
        {
            var latest = Checkpoint.Open(Encoding.UTF8.GetBytes(await NoteAsync(service)), next.Verifier).ShouldNotBeNull();
            latest.Size.ShouldBeGreaterThanOrEqualTo(4);
            return latest;
        });

        // By one who has the old key and the database: the same tree, and so nothing else is wrong with it.
        await ReplaceAsync(grown.Size, Checkpoint.Sign(grown.Size, grown.Root, first));
        (await AuditAsync(next.Verifier)).Fault.ShouldNotBeNull().Detail.ShouldBe($"its checkpoint of size {grown.Size} bears no valid signature");
        var before = await CountsAsync();
        await log.SubmitAsync();
        await Task.Delay(TimeSpan.FromSeconds(2.5), Ct);
        (await CountsAsync()).ShouldBe(before);

        await ReplaceAsync(grown.Size, Checkpoint.Sign(grown.Size, grown.Root, next));
        await Eventually.Is(async () => (await CountsAsync()).Leaves.ShouldBe(before.Leaves + 2));
        // And who takes away what both signed, or puts a key of their own there, takes away the ground too.
        foreach (var change in new[]
        {
            "delete from log_key_successions",
            "update log_key_successions set note = replace(note, 'ledger', 'legder')",
        })
        {
            await using var connection = await log.Database.OpenConnectionAsync(Ct);
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await using var command = new NpgsqlCommand(change, connection);
            await command.ExecuteNonQueryAsync(Ct);
            (await new Audit(connection, next.Verifier).RunAsync(null, Ct)).Fault.ShouldNotBeNull(change).Kind.ShouldBe(FaultKind.LogRewritten);
        }
    }

    [Fact]
    public async Task a_key_that_was_not_announced_does_not_go_on_with_the_log()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        await log.Service.StopAsync();
        var before = await CountsAsync();
        await using (await ServiceHost.StartAsync<Entry>(log.Settings.With(LogKey.Setting, NextKey).At(log.Service.Address)))
        {
            await log.SubmitAsync();
            await Task.Delay(TimeSpan.FromSeconds(2.5), Ct);
            (await CountsAsync()).ShouldBe(before);
        }

        await log.Service.StartAsync();
        await log.SignedAsync(4);
    }

    [Fact]
    public async Task what_was_broken_off_has_not_happened_and_what_has_happened_is_not_done_twice()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        var settings = log.Settings.With(LogKey.NextSetting, NextKey);
        await log.ExecuteAsync(
            """
            create function broken_off() returns trigger language plpgsql as 'begin raise exception ''broken off''; end';
            create trigger broken_off before update on log_checkpoints for each row execute function broken_off()
            """);
        await Should.ThrowAsync<PostgresException>(() => RotateAsync(settings));
        (await log.CountAsync("select count(*) from log_key_successions")).ShouldBe(0);
        // The old key goes on as if nothing had been.
        await log.SubmitAsync();
        await log.SignedAsync(4);

        await log.ExecuteAsync("drop trigger broken_off on log_checkpoints");
        (await RotateAsync(settings)).ShouldBe(0);
        // Whoever did not get to keep the new key as the log's says it once more.
        (await RotateAsync(settings)).ShouldBe(0);
        (await log.CountAsync("select count(*) from log_key_successions")).ShouldBe(1);
        (await AuditAsync(first.Verifier)).Fault.ShouldBeNull();
        // A key signs in one stretch: it does not come back, and who has handed over hands over nothing more.
        foreach (var (key, another) in new[] { (NextKey, LogHost.Key), (LogHost.Key, "aGVscCBhIHRoaXJkIGtleSBvZiB0aGlydHktdHdvIGI=") })
        {
            var former = log.Settings.With(LogKey.Setting, key).With(LogKey.NextSetting, another);
            (await Should.ThrowAsync<InvalidOperationException>(() => RotateAsync(former))).Message.ShouldContain("is an earlier key of the log");
        }

        (await Should.ThrowAsync<InvalidOperationException>(() => RotateAsync(log.Settings))).Message.ShouldContain("Log:NextSigningKey is not set");
    }

    [Fact]
    public async Task a_log_that_was_changed_by_hand_is_handed_over_to_nobody()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        await log.Service.StopAsync();
        await log.ExecuteAsync("update log_leaves set commitment = sha256(commitment) where index = 1");
        (await RotateAsync(log.Settings.With(LogKey.NextSetting, NextKey))).ShouldBe(RotateLogKey.NothingHandedOver);
        (await log.CountAsync("select count(*) from log_key_successions")).ShouldBe(0);
        // Where somebody wrote into the succession, it may have been handed over before.
        await log.ExecuteAsync("insert into log_key_successions (number, note) values (1, 'nothing that anybody signed')");
        (await RotateAsync(log.Settings.With(LogKey.NextSetting, NextKey))).ShouldBe(RotateLogKey.KeysUnknown);
        (await log.CountAsync("select count(*) from log_key_successions")).ShouldBe(1);
    }

    [Fact]
    public async Task the_new_key_signs_what_was_proven_and_not_what_somebody_slips_in_while_the_log_is_handed_over()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        await log.Service.StopAsync();
        await log.ExecuteAsync(
            """
            create function slipped_in() returns trigger language plpgsql as 'begin
                update log_checkpoints set note = ''another text

            — somebody c2lnbmF0dXJl
            '';
                return new;
            end';
            create trigger slipped_in before insert on log_key_successions for each row execute function slipped_in()
            """);
        (await RotateAsync(log.Settings.With(LogKey.NextSetting, NextKey))).ShouldBe(RotateLogKey.NothingHandedOver);
        (await log.CountAsync("select count(*) from log_key_successions")).ShouldBe(0);
        Checkpoint.Open(Encoding.UTF8.GetBytes(await NoteInTheDatabaseAsync()), first.Verifier).ShouldNotBeNull();
    }

    [Fact]
    public async Task an_instance_with_a_key_that_is_not_the_logs_gives_it_out_for_none()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        await using var wrong = await ServiceHost.StartAsync<Entry>(log.Settings.With(LogKey.Setting, NextKey).At(ServiceSettings.FreeAddress()));
        foreach (var address in new[] { "/api/v1/log/key", "/api/v1/log/keys" })
        {
            using var answer = await wrong.Client().GetAsync(new Uri(address, UriKind.Relative), Ct);
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable, address);
        }
    }

    [Fact]
    public async Task what_somebody_writes_into_the_succession_of_keys_is_a_fault_also_beside_a_checkpoint_from_outside()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        var kept = await FileAsync(await NoteAsync(log.Service));
        (await CommandAsync("--checkpoint", kept, "--key", first.Verifier.ToString())).ShouldStartWith("0 audit: ok");
        await log.ExecuteAsync("insert into log_key_successions (number, note) values (1, 'nothing that anybody signed')");
        (await CommandAsync("--checkpoint", kept, "--key", first.Verifier.ToString())).ShouldStartWith("1 audit: FAULT");
    }

    [Fact]
    public async Task a_development_databases_own_key_hands_over_too()
    {
        var database = await TestInfrastructure.CreateDatabaseAsync("ledger");
        var settings = log.Settings.With(LogKey.Setting, "").With("ConnectionStrings:ledger", database).At(ServiceSettings.FreeAddress());
        string kept;
        await using (var service = await ServiceHost.StartAsync<Entry>(settings))
        {
            kept = await Eventually.Value(() => NoteAsync(service));
            (await service.Services.GetServices<IVerb>().Single(verb => verb.Name == "log").RunAsync(["rotate"], Ct)).ShouldBe(0);
        }

        await using var again = await ServiceHost.StartAsync<Entry>(settings);
        await LogHost.SubmitAsync(again.Client(log.Token(Guid.CreateVersion7())));
        var published = await again.Client().GetJsonAsync<PublishedLogKeys>("/api/v1/log/keys");
        var keys = LogKeys.Of(NoteVerifier.Parse(published.Keys[0].Key), [published.Keys[1].Succession!]);
        await Eventually.Is(async () => Opened(new LogKeys(keys.Current), await NoteAsync(again)).Size.ShouldBe(2));
        Opened(keys, kept).Size.ShouldBe(0);
    }

    private async Task<string> NoteInTheDatabaseAsync()
    {
        await using var command = log.Database.CreateCommand("select note from log_checkpoints order by size desc limit 1");
        return (string)(await command.ExecuteScalarAsync(Ct))!;
    }

    private static NoteSigner Signer(string key) => new("volunteerbook.example/ledger", Convert.FromBase64String(key));

    private static Checkpoint Opened(LogKeys keys, string note) => keys.Open(Encoding.UTF8.GetBytes(note)).ShouldNotBeNull(note);

    private static Task<string> NoteAsync(ServiceHost<Entry> service) =>
        service.Client().GetStringAsync(new Uri("/api/v1/log/checkpoint", UriKind.Relative), Ct);

    /// <summary>What the program does with the verb, beside one that may serve.</summary>
    private static async Task<int?> RotateAsync(ServiceSettings settings)
    {
        await using var program = await ServiceHost.StartAsync<Entry>(settings.At(ServiceSettings.FreeAddress()));
        return await program.Services.GetServices<IVerb>().Single(verb => verb.Name == "log").RunAsync(["rotate"], Ct);
    }

    private async Task<AuditReport> AuditAsync(NoteVerifier trusted, Checkpoint? outside = null)
    {
        await using var connection = await log.Database.OpenConnectionAsync(Ct);
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Ct);
        return await new Audit(connection, trusted).RunAsync(outside, Ct);
    }

    private async Task<string> CommandAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Entry).Assembly.Location, "audit", .. arguments])
        {
            RedirectStandardOutput = true,
            Environment = { ["ConnectionStrings__ledger"] = log.ConnectionString },
        })!;
        var said = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return $"{process.ExitCode} {said.TrimEnd().Split('\n')[^1]}";
    }

    private static async Task<string> FileAsync(string note)
    {
        var file = Path.Combine(TemporaryFolders.New(), "checkpoint");
        await File.WriteAllTextAsync(file, note, Ct);
        return file;
    }

    private async Task ReplaceAsync(long size, string note)
    {
        await using var command = log.Database.CreateCommand("update log_checkpoints set note = $2 where size = $1");
        command.Parameters.Add(new() { Value = size });
        command.Parameters.Add(new() { Value = note });
        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task<(long Leaves, long Checkpoints)> CountsAsync() =>
        (await log.CountAsync("select count(*) from log_leaves"), await log.CountAsync("select count(*) from log_checkpoints"));
}
