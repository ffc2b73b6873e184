using System.Globalization;
using System.Text;
using Npgsql;
using VolunteerBook.Evidence.Transparency;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// Checks the whole log against the event store and against all that was signed, and names the first fault. Reads both side by side, page by page: memory does
/// not grow with their length. The connection is in a transaction that sees one moment (repeatable read), or nobody writes.
/// </summary>
/// <param name="connection">To the ledger's database.</param>
/// <param name="verifier">The log's key, of now or of before. It comes from elsewhere: whoever changes the database can sign with a key of their own.</param>
public sealed class Audit(NpgsqlConnection connection, NoteVerifier verifier)
{
    private readonly TreeEdge edge = new();
    private readonly LoggedRows logged = new(connection);
    private LogKeys keys = new(verifier);
    private long lastSigned;
    private long erased;
    private long signatures;

    /// <summary>Runs the audit.</summary>
    /// <param name="outside">
    /// A checkpoint that somebody kept elsewhere, already verified: it shows what was cut off or rewritten together with the log's own checkpoints.
    /// </param>
    public async Task<AuditReport> RunAsync(Checkpoint? outside, CancellationToken cancellationToken)
    {
        var fault = await KeyFaultAsync(cancellationToken) ?? await WalkAsync(outside, cancellationToken) ?? await LooseEndsAsync(outside, cancellationToken)
            ?? await StreamFaultAsync(cancellationToken) ?? await HiddenAsync(cancellationToken);
        return new AuditReport(edge.Size, edge.Root, erased, signatures, fault is null ? await logged.NotLoggedAsync(cancellationToken) : 0, fault);
    }

    /// <summary>The keys before and after the one that is trusted.</summary>
    private async Task<Fault?> KeyFaultAsync(CancellationToken ct)
    {
        try
        {
            keys = await logged.KeysAsync(verifier, ct);
            return null;
        }
        catch (FormatException exception)
        {
            return Rewritten(exception.Message);
        }
    }

    /// <summary>Leaves and events side by side, both in their order.</summary>
    private async Task<Fault?> WalkAsync(Checkpoint? outside, CancellationToken ct)
    {
        var lastLogged = await logged.LastSequenceAsync(ct);
        await using var leaves = logged.LeavesAsync(ct).GetAsyncEnumerator(ct);
        await using var events = logged.EventsAsync(lastLogged, ct).GetAsyncEnumerator(ct);
        await using var checkpoints = logged.CheckpointsAsync(ct).GetAsyncEnumerator(ct);
        var (hasLeaf, hasEvent, hasCheckpoint) = (await leaves.MoveNextAsync(), await events.MoveNextAsync(), await checkpoints.MoveNextAsync());
        while (true)
        {
            // What was signed at this size.
            for (; hasCheckpoint && checkpoints.Current.Size == edge.Size; hasCheckpoint = await checkpoints.MoveNextAsync())
            {
                if (Signed(checkpoints.Current) is { } unsigned)
                {
                    return unsigned;
                }
            }

            if (keys.Successions.FirstOrDefault(one => one.Size == edge.Size && !edge.Root.AsSpan().SequenceEqual(one.Root)) is { } handed)
            {
                return Rewritten(Text($"its root is not what {handed.Earlier} says, which handed over at size {handed.Size}"));
            }

            if (outside?.Size == edge.Size && !edge.Root.AsSpan().SequenceEqual(outside.Root))
            {
                return Rewritten("it is not what the checkpoint from outside says");
            }

            if (!hasLeaf && !hasEvent)
            {
                return hasCheckpoint ? Rewritten(Text($"a checkpoint of size {checkpoints.Current.Size} was signed")) : null;
            }

            var leaf = hasLeaf ? leaves.Current : null;
            var stored = hasEvent ? events.Current : null;
            if (leaf is not null && leaf.Index != edge.Size)
            {
                return Rewritten(Text($"leaf {edge.Size} is missing"));
            }

            if (await FaultAtAsync(leaf, stored, hasCheckpoint ? checkpoints.Current : null, ct) is { } fault)
            {
                return fault;
            }

            foreach (var completed in edge.Append(MerkleTree.Leaf(leaf!.Commitment)))
            {
                if (await logged.HashAsync(completed, ct) is not { } hash || !hash.AsSpan().SequenceEqual(completed.Hash))
                {
                    return Rewritten(Text($"hash {completed.Index} of tiles' level {completed.Level} is not that of its leaves"));
                }
            }

            (hasLeaf, hasEvent) = (await leaves.MoveNextAsync(), await events.MoveNextAsync());
        }
    }

    /// <summary>What is wrong with the next leaf or the next event; null where they belong together.</summary>
    private async Task<Fault?> FaultAtAsync(LoggedLeaf? leaf, EventRecord? stored, StoredCheckpoint? next, CancellationToken ct)
    {
        if (leaf is null || stored?.Sequence < leaf.Sequence)
        {
            return await logged.LeafOfAsync(stored!.Id, ct) is not { } own
                ? new Fault(FaultKind.Inserted, stored.ToString(), "it has no leaf, although later events have one")
                : own.CommitsTo(stored) ? Misnamed(own)
                : new Fault(FaultKind.Moved, own.Name, Text($"it is at sequence {stored.Sequence} now"));
        }

        if (stored is null || stored.Sequence > leaf.Sequence)
        {
            return await GoneAsync(leaf, ct);
        }

        if (leaf.CommitsTo(stored))
        {
            return leaf.Names(stored) ? null : Misnamed(leaf);
        }

        if (stored.Id != leaf.EventId)
        {
            return await ReplacedAsync(leaf, stored, ct);
        }

        if (leaf.Salt is null)
        {
            // The content was erased, or may have been; the place was not.
            erased++;
            return leaf.Names(stored) ? null : Changed(leaf, stored);
        }

        // One of the two was changed. What was signed says which.
        return next is not null && !await WasSignedAsync(leaf.Index, leaf.Commitment, next, ct)
            && await WasSignedAsync(leaf.Index, stored.Commitment(leaf.Salt), next, ct)
            ? Rewritten(Text($"leaf {leaf.Index} is not what was signed; its event is"))
            : Changed(leaf, stored);
    }

    private static Fault Changed(LoggedLeaf leaf, EventRecord stored) =>
        (stored.Stream, stored.Version) != (leaf.Stream, leaf.Version)
        ? new Fault(FaultKind.Moved, leaf.Name, Text($"it is version {stored.Version} of stream {stored.Stream} now"))
        : new Fault(FaultKind.Altered, leaf.Name, stored.Type == leaf.Type ? "it is not what its leaf commits to" : $"its type is {stored.Type} now");

    private Fault Misnamed(LoggedLeaf leaf) => Rewritten(Text($"leaf {leaf.Index} is not in the place of the event that it commits to"));

    /// <summary>No event stands where the leaf's stood.</summary>
    private async Task<Fault> GoneAsync(LoggedLeaf leaf, CancellationToken ct) => await logged.EventOfAsync(leaf.EventId, ct) is not { } elsewhere
        ? new Fault(FaultKind.Deleted, leaf.Name, "it is not in the event store any more")
        : leaf.CommitsTo(elsewhere) ? Misnamed(leaf)
        : new Fault(FaultKind.Moved, leaf.Name, Text($"it is at sequence {elsewhere.Sequence} now"));

    /// <summary>Another event stands where the leaf's stood.</summary>
    private async Task<Fault> ReplacedAsync(LoggedLeaf leaf, EventRecord stored, CancellationToken ct)
    {
        if (await logged.LeafOfAsync(stored.Id, ct) is not null)
        {
            return await GoneAsync(leaf, ct);
        }

        // A stranger in its place: put before it, or itself under another id, or instead of it.
        return await logged.EventOfAsync(leaf.EventId, ct) is not null
            ? new Fault(FaultKind.Inserted, stored.ToString(), "it has no leaf; those after it were moved")
            : (stored.Stream, stored.Version) == (leaf.Stream, leaf.Version) ? new Fault(FaultKind.Altered, leaf.Name, $"its id is {stored.Id} now")
            : new Fault(FaultKind.Deleted, leaf.Name, $"event {stored.Id}, which has no leaf, is in its place");
    }

    private async Task<bool> WasSignedAsync(long index, byte[] commitment, StoredCheckpoint checkpoint, CancellationToken ct)
    {
        if (keys.Open(Encoding.UTF8.GetBytes(checkpoint.Note)) is not { } signed)
        {
            return false;
        }

        try
        {
            var proof = await new TileTree(signed.Size, new LogTiles(connection).ReadAsync).InclusionAsync(index, ct);
            return MerkleTree.VerifyInclusion(index, signed.Size, MerkleTree.Leaf(commitment), proof, signed.Root);
        }
        catch (InvalidDataException)
        {
            // The log lacks what the proof is made of.
            return false;
        }
    }

    private Fault? Signed(StoredCheckpoint stored)
    {
        if (keys.Open(Encoding.UTF8.GetBytes(stored.Note)) is not { } signed || signed.Size != stored.Size)
        {
            return Rewritten(Text($"its checkpoint of size {stored.Size} bears no valid signature"));
        }

        if (!edge.Root.AsSpan().SequenceEqual(signed.Root))
        {
            return Rewritten(Text($"its root is not what the checkpoint of size {signed.Size} says"));
        }

        lastSigned = signed.Size;
        signatures++;
        return null;
    }

    private async Task<Fault?> LooseEndsAsync(Checkpoint? outside, CancellationToken ct)
    {
        if (outside?.Size > edge.Size)
        {
            return Rewritten(Text($"a checkpoint from outside of size {outside.Size} was signed"));
        }

        if (keys.Successions.FirstOrDefault(one => one.Size > edge.Size) is { } handed)
        {
            return Rewritten(Text($"{handed.Earlier} handed over at size {handed.Size}"));
        }

        if (edge.Size > 0 && signatures == 0)
        {
            return Rewritten("it has no checkpoints");
        }

        foreach (var (level, hashes) in await logged.HashCountsAsync(ct))
        {
            if (hashes != Tile.HashesOf(level, edge.Size))
            {
                return Rewritten(Text($"tiles' level {level} has {hashes} hashes"));
            }
        }

        return null;
    }

    /// <summary>
    /// Streams whose last version, or number of events, is not what their own row says: also events that have no leaf yet can be missed by it.
    /// </summary>
    private async Task<Fault?> StreamFaultAsync(CancellationToken ct) =>
        await logged.StreamFaultAsync(ct) is { } found ? new Fault(FaultKind.StreamAltered, found.Stream, found.Detail) : null;

    /// <summary>Events as they were signed that readers of the store would not find: a revocation that is passed over is as good as deleted.</summary>
    private async Task<Fault?> HiddenAsync(CancellationToken ct) =>
        await logged.HiddenAsync(ct) is { } hidden
            ? new Fault(FaultKind.Altered, hidden.ToString(), "it, or its stream, is put away as archived or as another tenant's")
            : null;

    private Fault Rewritten(string detail) => new(FaultKind.LogRewritten, Text($"log at size {edge.Size}, after the checkpoint of size {lastSigned}"), detail);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What happened to what a <see cref="Fault"/> names.</summary>
public enum FaultKind
{
    /// <summary>The event's content, author, time, type or id.</summary>
    Altered,

    /// <summary>The event is gone.</summary>
    Deleted,

    /// <summary>The event was put among older ones.</summary>
    Inserted,

    /// <summary>The event stands at another place of the store, or of a stream, or in another stream.</summary>
    Moved,

    /// <summary>A stream's own row does not fit its events.</summary>
    StreamAltered,

    /// <summary>The log itself is not what was signed.</summary>
    LogRewritten,
}

/// <summary>The first fault found.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="What">To which event (sequence, stream, version, type, id, as they were logged), stream, or part of the log.</param>
/// <param name="Detail">In words.</param>
public sealed record Fault(FaultKind Kind, string What, string Detail)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {What}: {Detail}";
}

/// <summary>What an audit found.</summary>
/// <param name="Events">Events that were checked: all that have a leaf, up to the fault.</param>
/// <param name="Root">The log's root at that size, 32 bytes.</param>
/// <param name="Erased">Of these, events whose salts were destroyed: of them only the place was checked.</param>
/// <param name="Checkpoints">Checkpoints whose signature and root were checked.</param>
/// <param name="NotLogged">Events after the last leaf.</param>
/// <param name="Fault">Null where there is none.</param>
public sealed record AuditReport(long Events, byte[] Root, long Erased, long Checkpoints, long NotLogged, Fault? Fault)
{
    /// <summary>The last line of the command's output.</summary>
    public override string ToString() => Fault is not null ? $"audit: FAULT {Fault}"
        : string.Create(CultureInfo.InvariantCulture, $"audit: ok, {Events} events, root {Convert.ToBase64String(Root)}");
}
