using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using Shouldly;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.Ledger.Transparency;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Transparency;

/// <summary>What anybody can read of the log and check without trusting who serves it.</summary>
[Trait("Feature", "N4")]
public sealed class LogOverHttp(LogHost log) : IClassFixture<LogHost>
{
    private static readonly CancellationToken Ct = CancellationToken.None;

    [Fact]
    public async Task every_event_of_a_confirmed_entry_is_proven_by_what_its_volunteer_gets()
    {
        var volunteer = log.Volunteer();
        var entry = await LogHost.SubmitAsync(volunteer);
        log.Confirm(entry);
        var proofs = await Eventually.Value(async () =>
        {
            var answer = await volunteer.GetJsonAsync<StreamProofs>($"/api/v1/entries/{entry}/proofs");
            answer.Events.Select(proof => proof.Type).ShouldBe(["entry_logged", "entry_submitted", "entry_confirmed"]);
            return answer;
        });

        proofs.Key.ShouldBe(log.Verifier.ToString());
        var signed = Checkpoint.Open(Encoding.UTF8.GetBytes(proofs.Checkpoint), NoteVerifier.Parse(proofs.Key)).ShouldNotBeNull();
        foreach (var proof in proofs.Events)
        {
            var commitment = LeafCommitment.Of(proof.Salt, Encoding.UTF8.GetBytes(proof.Record));
            MerkleTree.VerifyInclusion(proof.Index, signed.Size, MerkleTree.Leaf(commitment), proof.Inclusion, signed.Root).ShouldBeTrue();
            var another = LeafCommitment.Of(proof.Salt, Encoding.UTF8.GetBytes(proof.Record.Replace("Забота", "забота", StringComparison.Ordinal) + " "));
            MerkleTree.VerifyInclusion(proof.Index, signed.Size, MerkleTree.Leaf(another), proof.Inclusion, signed.Root).ShouldBeFalse();
        }

        using var record = JsonDocument.Parse(proofs.Events[0].Record);
        record.RootElement.GetProperty("stream").GetGuid().ShouldBe(entry);
        record.RootElement.GetProperty("data").GetProperty("facts").GetProperty("project").GetString().ShouldBe("Забота рядом");
        record.RootElement.GetProperty("at").GetDateTimeOffset().ShouldBe(DateTimeOffset.UtcNow, TimeSpan.FromHours(1));
        Encoding.UTF8.GetString(CanonicalJsonOf(proofs.Events[0].Record)).ShouldBe(proofs.Events[0].Record);
        foreach (var (client, status) in new[] { (log.Volunteer(), HttpStatusCode.NotFound), (log.Service.Client(), HttpStatusCode.Unauthorized) })
        {
            await (await client.GetResponseAsync($"/api/v1/entries/{entry}/proofs")).ProblemAsync(status);
        }
    }

    [Fact]
    public async Task the_served_tiles_rebuild_the_signed_root_by_themselves()
    {
        await SubmitManyAsync(150);
        var signed = await log.SignedAsync(300);
        var leaves = new List<byte[]>();
        for (var i = 0; i * 256 < signed.Size; i++)
        {
            var tile = Tile.Of(0, i * 256, signed.Size);
            var entries = Tile.Unbundle(await TileAsync(tile.EntriesPath));
            (await TileAsync(tile.Path)).ShouldBe(entries.SelectMany(entry => MerkleTree.Leaf(entry)).ToArray());
            leaves.AddRange(entries);
        }

        leaves.Count.ShouldBe((int)signed.Size);
        leaves.ShouldAllBe(leaf => leaf.Length == 32);
        var edge = new TreeEdge();
        leaves.ForEach(leaf => edge.Append(MerkleTree.Leaf(leaf)));
        edge.Root.ShouldBe(signed.Root);

        // As a client does that reads only what it needs.
        var tree = new TileTree(signed.Size, (tile, _) => TileAsync(tile.Path));
        (await tree.RootAsync(Ct)).ShouldBe(signed.Root);
        var proof = await tree.InclusionAsync(17, Ct);
        MerkleTree.VerifyInclusion(17, signed.Size, MerkleTree.Leaf(leaves[17]), proof, signed.Root).ShouldBeTrue();
        (await log.AuditAsync(signed)).Fault.ShouldBeNull();

        // And the auditor compares the tiles, not the leaves alone.
        await using var connection = await log.Database.OpenConnectionAsync(Ct);
        foreach (var change in new[] { "update log_hashes set hash = sha256(hash)", "delete from log_hashes" })
        {
            await using var transaction = await connection.BeginTransactionAsync(Ct);
            await using var command = new NpgsqlCommand(change, connection);
            await command.ExecuteNonQueryAsync(Ct);
            (await new Audit(connection, log.Verifier).RunAsync(null, Ct)).Fault.ShouldNotBeNull().Detail
                .ShouldBe("hash 0 of tiles' level 1 is not that of its leaves");
            await transaction.RollbackAsync(Ct);
        }
    }

    [Fact]
    public async Task monitors_get_proofs_that_the_log_only_grew_and_that_a_leaf_is_in_it()
    {
        await log.SubmitAsync();
        var earlier = await log.SignedAsync(2);
        await log.SubmitAsync();
        var later = await log.SignedAsync(earlier.Size + 1);
        var nobody = log.Service.Client();

        var consistency = await nobody.GetJsonAsync<Consistency>($"/api/v1/log/consistency?from={earlier.Size}&to={later.Size}");
        MerkleTree.VerifyConsistency(earlier.Size, later.Size, earlier.Root, later.Root, consistency.Hashes).ShouldBeTrue();
        var inclusion = await nobody.GetJsonAsync<Inclusion>($"/api/v1/log/inclusion?index=1&size={later.Size}");
        var leaf = Tile.Unbundle(await TileAsync("entries/000.p/2"))[1];
        MerkleTree.VerifyInclusion(1, later.Size, MerkleTree.Leaf(leaf), inclusion.Hashes, later.Root).ShouldBeTrue();
        (await nobody.GetJsonAsync<Consistency>("/api/v1/log/consistency?from=1")).To.ShouldBeGreaterThanOrEqualTo(later.Size);
        (await nobody.GetJsonAsync<Inclusion>("/api/v1/log/inclusion?index=0")).Size.ShouldBeGreaterThanOrEqualTo(later.Size);
        (await nobody.GetStringAsync(new Uri("/api/v1/log/key", UriKind.Relative), Ct)).ShouldBe($"{log.Verifier}\n");
    }

    [Fact]
    public async Task files_are_of_their_type_and_tiles_may_be_kept_for_ever()
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        using var checkpoint = await log.Service.Client().GetResponseAsync("/api/v1/log/checkpoint");
        checkpoint.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; charset=utf-8");
        checkpoint.Headers.CacheControl!.NoCache.ShouldBeTrue();
        using var tile = await log.Service.Client().GetResponseAsync("/api/v1/log/tile/0/000.p/1");
        tile.Content.Headers.ContentType!.ToString().ShouldBe("application/octet-stream");
        tile.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
    }

    [Theory]
    [InlineData("tile/0/0", "malformed-tile", "path")]
    [InlineData("tile/nonsense", "malformed-tile", "path")]
    [InlineData("consistency?from=0&to=1000000", "size-out-of-range", "to")]
    [InlineData("consistency?from=2&to=1", "size-out-of-range", "from")]
    [InlineData("consistency?from=-1&to=1", "size-out-of-range", "from")]
    [InlineData("consistency?from=first", "malformed-value", "from")]
    [InlineData("inclusion?index=0&size=1000000", "size-out-of-range", "size")]
    [InlineData("inclusion?index=1&size=1", "index-out-of-range", "index")]
    [InlineData("inclusion?index=-1&size=1", "index-out-of-range", "index")]
    public async Task what_cannot_be_is_refused_by_its_field(string path, string code, string field)
    {
        await log.SubmitAsync();
        await log.SignedAsync(2);
        var problem = await (await log.Service.Client().GetResponseAsync($"/api/v1/log/{path}")).ProblemAsync(HttpStatusCode.BadRequest, code);
        problem.Errors.ShouldNotBeNull().Keys.ShouldBe([field]);
    }

    [Fact]
    public async Task a_tile_that_no_checkpoint_has_is_not_there()
    {
        foreach (var path in new[] { "0/999", "entries/x001/000", "7/000.p/1" })
        {
            await (await log.Service.Client().GetResponseAsync($"/api/v1/log/tile/{path}")).ProblemAsync(HttpStatusCode.NotFound);
        }
    }

    private async Task SubmitManyAsync(int entries)
    {
        var volunteer = log.Volunteer();
        for (var i = 0; i < entries; i++)
        {
            await LogHost.SubmitAsync(volunteer);
        }
    }

    private Task<byte[]> TileAsync(string path) => log.Service.Client().GetByteArrayAsync(new Uri($"/api/v1/log/tile/{path}", UriKind.Relative), Ct);

    private static byte[] CanonicalJsonOf(string json) => Evidence.CanonicalJson.Bytes(System.Text.Json.Nodes.JsonNode.Parse(json));
}
