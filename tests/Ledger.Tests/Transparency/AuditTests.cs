using System.Diagnostics;
using System.Text;
using Npgsql;
using Shouldly;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Transparency;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Transparency;

/// <summary>The auditor names what was changed by hand in the database.</summary>
[Trait("Feature", "N4")]
public sealed class AuditTests(AuditedStore store, ITestOutputHelper output) : IClassFixture<AuditedStore>
{
    private const int Changes = 10_000;
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task ten_thousand_random_changes_of_the_event_tables_are_each_named()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        // One pair of hands for each core, each on a copy of its own.
        await using var left = await store.CopyAsync();
        await using var right = await store.CopyAsync();
        var made = await Task.WhenAll(
            Task.Run(() => ChangeAndAuditAsync(left, seed, Changes / 2)),
            Task.Run(() => ChangeAndAuditAsync(right, seed + 1, Changes - Changes / 2)));

        var counts = made.SelectMany(one => one).GroupBy(name => name).ToDictionary(group => group.Key, group => group.Count());
        counts.Values.Sum().ShouldBe(Changes);
        counts.Count.ShouldBe(ByHand.Kinds);
        foreach (var (name, count) in counts.OrderBy(pair => pair.Key))
        {
            output.WriteLine($"{count,6} {name}");
        }
    }

    [Fact]
    public async Task an_untouched_store_has_no_fault()
    {
        await using var copy = await store.CopyAsync();
        await using var connection = await copy.OpenConnectionAsync(Ct);
        var report = await AuditAsync(connection);
        (report.Fault, report.Events, report.NotLogged, report.Erased).ShouldBe((null, 30, 0, 0));
        report.Checkpoints.ShouldBeGreaterThan(3);
        report.ToString().ShouldBe($"audit: ok, 30 events, root {Convert.ToBase64String(report.Root)}");
    }

    [Fact]
    public async Task a_thousand_random_pairs_of_signed_checkpoints_are_consistent()
    {
        await using var copy = await store.CopyAsync();
        await using var connection = await copy.OpenConnectionAsync(Ct);
        var checkpoints = new List<Checkpoint>();
        await using (var command = new NpgsqlCommand("select note from log_checkpoints order by size", connection))
        await using (var reader = await command.ExecuteReaderAsync(Ct))
        {
            while (await reader.ReadAsync(Ct))
            {
                checkpoints.Add(Checkpoint.Open(Encoding.UTF8.GetBytes(reader.GetString(0)), store.Log.Verifier).ShouldNotBeNull());
            }
        }

        for (var i = 0; i < 1000; i++)
        {
            var pair = Random.Shared.GetItems(checkpoints.ToArray(), 2).OrderBy(checkpoint => checkpoint.Size).ToArray();
            var proof = await new TileTree(pair[1].Size, new LogTiles(connection).ReadAsync).ConsistencyAsync(pair[0].Size, Ct);
            MerkleTree.VerifyConsistency(pair[0].Size, pair[1].Size, pair[0].Root, pair[1].Root, proof).ShouldBeTrue();
        }
    }

    // What the one does who knows of the log too.
    [Theory]
    [InlineData("update log_leaves set commitment = sha256(commitment) where index = 7", FaultKind.LogRewritten, "leaf 7 is not what was signed")]
    [InlineData("update log_leaves set sequence = 1000 where index = 7", FaultKind.LogRewritten, "leaf 7 is not in the place of the event that it commits to")]
    [InlineData(
        "update log_leaves set event_id = gen_random_uuid() where index = 7",
        FaultKind.LogRewritten,
        "leaf 7 is not in the place of the event that it commits to")]
    [InlineData("update log_leaves set version = 9 where index = 7", FaultKind.LogRewritten, "leaf 7 is not in the place of the event that it commits to")]
    [InlineData("update log_leaves set index = -index where index in (7, 8); update log_salts set index = -index where index in (7, 8); update log_leaves "
        + "set index = 15 + index where index < 0; update log_salts "
        + "set index = 15 + index where index < 0", FaultKind.LogRewritten, "leaf 8 is not in the place of the event that it commits to")]
    [InlineData("delete from log_leaves where index = 7", FaultKind.LogRewritten, "leaf 7 is missing")]
    [InlineData("delete from log_leaves where index > 20", FaultKind.LogRewritten, "was signed")]
    [InlineData("update log_leaves set index = 70 where index = 29", FaultKind.LogRewritten, "leaf 29 is missing")]
    [InlineData(
        "delete from log_leaves where index = 29; delete from mt_events where seq_id = (select max(seq_id) from mt_events)",
        FaultKind.LogRewritten, "was signed")]
    [InlineData("delete from log_checkpoints", FaultKind.LogRewritten, "no checkpoints")]
    [InlineData("update log_checkpoints set note = replace(note, E'\\n30\\n', E'\\n31\\n')", FaultKind.LogRewritten, "no valid signature")]
    [InlineData("update log_checkpoints set size = 31 where size = 30", FaultKind.LogRewritten, "was signed")]
    [InlineData("insert into log_hashes (level, index, hash) values (1, 0, sha256(''))", FaultKind.LogRewritten, "level 1 has 1 hashes")]
    [InlineData("update mt_streams set version = 7 where version = 3", FaultKind.StreamAltered, "its row says version 7, its 3 events end with 3")]
    [InlineData("insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type) select 1000 + seq_id, "
        + "gen_random_uuid(), stream_id, 5, data, type, timestamp, tenant_id, mt_dotnet_type from mt_events where version = 3; update mt_streams "
        + "set version = 5 where version = 3", FaultKind.StreamAltered, "its row says version 5, its 4 events end with 5")]
    [InlineData("update mt_events set is_archived = true where seq_id = 3", FaultKind.Altered, "is put away")]
    [InlineData("update mt_events set tenant_id = 'another' where seq_id = 3", FaultKind.Altered, "is put away")]
    [InlineData("update mt_streams set is_archived = true where id = (select stream_id from mt_events where seq_id = 3)", FaultKind.Altered, "is put away")]
    [InlineData(
        "update log_checkpoints set note = (select note from log_checkpoints order by size limit 1) where size = 30",
        FaultKind.LogRewritten, "no valid signature")]
    [InlineData(
        "update log_checkpoints set note = replace(note, 'volunteerbook.example/ledger', 'other.example/ledger') where size = 30",
        FaultKind.LogRewritten, "no valid signature")]
    [InlineData("update log_salts set salt = sha256(salt) where index = 7", FaultKind.Altered, "it is not what its leaf commits to")]
    [InlineData("delete from log_leaves; delete from log_salts; delete from log_hashes", FaultKind.LogRewritten, "was signed")]
    public async Task changes_of_the_log_itself_are_found(string change, FaultKind kind, string words)
    {
        var fault = (await AuditChangedAsync(change)).Fault.ShouldNotBeNull();
        (fault.Kind, fault.Detail).ShouldBe((kind, fault.Detail));
        fault.ToString().ShouldContain(words);
    }

    [Fact]
    public async Task an_event_changed_together_with_its_leaf_is_found_by_what_was_signed()
    {
        await using var copy = await store.CopyAsync();
        await using var connection = await copy.OpenConnectionAsync(Ct);
        await RewriteAsync(connection, index: 7);
        var fault = (await AuditAsync(connection)).Fault.ShouldNotBeNull();
        fault.Kind.ShouldBe(FaultKind.LogRewritten);
        fault.Detail.ShouldContain("its root is not what the checkpoint of size");
    }

    [Fact]
    public async Task who_signs_anew_is_found_by_a_checkpoint_that_was_kept_elsewhere()
    {
        await using var copy = await store.CopyAsync();
        await using var connection = await copy.OpenConnectionAsync(Ct);
        var signer = new NoteSigner("volunteerbook.example/ledger", Convert.FromBase64String(LogHost.Key));
        var kept = await SignedAsync(connection, signer);
        (await AuditAsync(connection, kept)).Fault.ShouldBeNull();

        // With the key itself, from inside; and the rest of the log cut off.
        await RewriteAsync(connection, index: 7);
        await ExecuteAsync(
            connection,
            "delete from log_leaves where index > 9; delete from log_checkpoints; delete from mt_events where seq_id > (select max(sequence) from log_leaves)");
        await ExecuteAsync(
            connection,
            "delete from mt_streams s where not exists (select 1 from mt_events e where e.stream_id = s.id); update mt_streams s "
                + "set version = (select max(version) from mt_events e where e.stream_id = s.id)");
        var edge = await new TileTree(10, new LogTiles(connection).ReadAsync).EdgeAsync(Ct);
        await ExecuteAsync(connection, "insert into log_checkpoints (size, note, at) values (10, $1, now())", Checkpoint.Sign(10, edge.Root, signer));
        (await AuditAsync(connection)).Fault.ShouldBeNull();
        var fault = (await AuditAsync(connection, kept)).Fault.ShouldNotBeNull();
        (fault.Kind, fault.Detail).ShouldBe((FaultKind.LogRewritten, "a checkpoint from outside of size 30 was signed"));
        (await AuditAsync(connection, new Checkpoint(kept.Origin, 9, kept.Root))).Fault.ShouldNotBeNull().Detail
            .ShouldBe("it is not what the checkpoint from outside says");
    }

    [Fact]
    public async Task events_after_the_last_leaf_are_counted_and_are_no_fault()
    {
        var report = await AuditChangedAsync(
            """
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type)
            select 1000 + seq_id, gen_random_uuid(), stream_id, version + 1, data, type, timestamp, tenant_id, mt_dotnet_type from mt_events where version = 3;
            update mt_streams set version = 4 where version = 3
            """);
        (report.Fault, report.Events, report.NotLogged).ShouldBe((null, 30, 5));
    }

    [Fact]
    public async Task the_command_says_ok_or_names_the_event_and_its_exit_code_says_so_too()
    {
        await using var copy = await store.CopyAsync();
        await using (var connection = await copy.OpenConnectionAsync(Ct))
        {
            var file = Path.Combine(TemporaryFolders.New(), "checkpoint");
            await using (var note = new NpgsqlCommand("select note from log_checkpoints order by size desc limit 1", connection))
            {
                await File.WriteAllTextAsync(file, (string)(await note.ExecuteScalarAsync(Ct))!, Ct);
            }

            (await RunAsync(copy)).ShouldSatisfyAllConditions(ran => ran.Code.ShouldBe(0), ran => ran.Last.ShouldStartWith("audit: ok, 30 events, root "));
            (await RunAsync(copy, "--checkpoint", file, "--key", store.Log.Verifier.ToString())).Code.ShouldBe(0);
            await ExecuteAsync(connection, "update mt_events set user_name = 'nobody' where seq_id = 2");
            var faulty = await RunAsync(copy, "--checkpoint", file);
            faulty.Code.ShouldBe(1);
            faulty.Last.ShouldMatch("^audit: FAULT Altered event sequence=2 stream=[0-9a-f-]{36} version=2 type=entry_submitted id=[0-9a-f-]{36}: "
                + "it is not what its leaf commits to$");

            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file, Ct)).Replace("30", "29", StringComparison.Ordinal), Ct);
            (await RunAsync(copy, "--checkpoint", file)).Code.ShouldBe(2);
            (await RunAsync(copy, "--key", "nonsense")).Code.ShouldBe(2);
            (await RunAsync(copy, "--whatever")).Code.ShouldBe(2);
        }
    }

    private async Task<List<string>> ChangeAndAuditAsync(NpgsqlDataSource copy, int seed, int changes)
    {
        await using var connection = await copy.OpenConnectionAsync(Ct);
        var hand = new ByHand(await UntouchedAsync(connection), new Random(seed));
        var made = new List<string>();
        for (var i = 0; i < changes; i++)
        {
            var change = hand.Make(i % ByHand.Kinds);
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await ApplyAsync(connection, change);
            var fault = (await AuditAsync(connection)).Fault.ShouldNotBeNull($"{change} was not found");
            if (fault.Kind != change.Kind || !fault.What.Contains(change.Named.ToString(), StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{change} was called {fault}");
            }

            await transaction.RollbackAsync(Ct);
            made.Add(change.Name);
        }

        (await AuditAsync(connection)).Fault.ShouldBeNull();
        return made;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Change change)
    {
        try
        {
            await ExecuteAsync(connection, change.Sql);
        }
        catch (PostgresException exception)
        {
            throw new InvalidOperationException($"{change} could not be made: {exception.MessageText}", exception);
        }
    }

    private async Task<AuditReport> AuditChangedAsync(string change)
    {
        await using var copy = await store.CopyAsync();
        await using var connection = await copy.OpenConnectionAsync(Ct);
        await ExecuteAsync(connection, change);
        return await AuditAsync(connection);
    }

    private Task<AuditReport> AuditAsync(NpgsqlConnection connection, Checkpoint? outside = null) =>
        new Audit(connection, store.Log.Verifier).RunAsync(outside, Ct);

    private static async Task<Checkpoint> SignedAsync(NpgsqlConnection connection, NoteSigner signer)
    {
        await using var command = new NpgsqlCommand("select note from log_checkpoints order by size desc limit 1", connection);
        return Checkpoint.Open(Encoding.UTF8.GetBytes((string)(await command.ExecuteScalarAsync(Ct))!), signer.Verifier).ShouldNotBeNull();
    }

    // An event and its leaf, so that they fit again.
    private static async Task RewriteAsync(NpgsqlConnection connection, long index)
    {
        await ExecuteAsync(connection, $"update mt_events set user_name = 'nobody' where id = (select event_id from log_leaves where index = {index})");
        EventRecord changed;
        byte[] salt;
        await using (var command = new NpgsqlCommand(
            $"select {EventRecord.Columns}, s.salt from mt_events e join log_leaves l on l.event_id = e.id join log_salts s on s.index = l.index "
                + $"where l.index = {index}", connection))
        await using (var reader = await command.ExecuteReaderAsync(Ct))
        {
            await reader.ReadAsync(Ct);
            (changed, salt) = (EventRecord.Read(reader), reader.GetFieldValue<byte[]>(11));
        }

        await ExecuteAsync(connection, $"update log_leaves set commitment = $1 where index = {index}", changed.Commitment(salt));
    }

    private static async Task<IReadOnlyList<Untouched>> UntouchedAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("select seq_id, id, stream_id, version, type from mt_events order by seq_id", connection);
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var events = new List<Untouched>();
        while (await reader.ReadAsync(Ct))
        {
            events.Add(new Untouched(reader.GetInt64(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetInt64(3), reader.GetString(4)));
        }

        return events;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task<(int Code, string Last)> RunAsync(NpgsqlDataSource database, params string[] arguments)
    {
        var password = new NpgsqlConnectionStringBuilder(store.Log.ConnectionString).Password;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(Entry).Assembly.Location, "audit", .. arguments])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["ConnectionStrings__ledger"] = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = password }.ConnectionString,
                ["Log__SigningKey"] = LogHost.Key,
            },
        })!;
        var said = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, said.TrimEnd().Split('\n')[^1]);
    }
}
