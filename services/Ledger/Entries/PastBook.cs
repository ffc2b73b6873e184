using System.Data;
using System.Text;
using Marten;
using Npgsql;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// A book as it stood at a moment (N1): what its events that were recorded until then say, and nothing else. Entries that have not changed since are
/// read as they are, as lines and as they are stored; only the others are made anew from their events. All is read in one snapshot of the database, on
/// one connection, until it is disposed of.
/// </summary>
internal sealed class PastBook : IAsyncDisposable
{
    private readonly NpgsqlTransaction snapshot;
    private readonly ISerializer serializer;
    private readonly Dictionary<Guid, EntryView> replayed;

    private PastBook(
        NpgsqlTransaction snapshot, ISerializer serializer, DateTimeOffset at, IReadOnlyList<BookLine> unchanged, Dictionary<Guid, EntryView> replayed)
    {
        (this.snapshot, this.serializer, At, this.replayed) = (snapshot, serializer, at, replayed);
        Lines = [.. unchanged, .. replayed.Values.Select(BookLine.Of)];
    }

    /// <summary>The moment, UTC.</summary>
    public DateTimeOffset At { get; }

    /// <summary>All entries of the book, as they stood.</summary>
    public IReadOnlyList<BookLine> Lines { get; }

    /// <summary>Reads it.</summary>
    /// <param name="ledger">Where.</param>
    /// <param name="volunteer">Whose book.</param>
    /// <param name="at">
    /// The moment; null for now: by our clock, or where another instance's is ahead and has recorded something of the book, the time of that.
    /// What was recorded is never later than now.
    /// </param>
    /// <param name="ct">Ends it.</param>
    public static async Task<PastBook> ReadAsync(PastBooks ledger, Guid volunteer, DateTimeOffset? at, CancellationToken ct)
    {
        var connection = await ledger.Database.OpenConnectionAsync(ct);
        try
        {
            var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
            var moment = (at ?? ledger.Clock.GetUtcNow()).ToUniversalTime();
            var (lines, changed) = await BookLines.SinceAsync(connection, volunteer, moment, ct);
            if (at is null && changed.Count > 0)
            {
                moment = await LatestAsync(connection, changed, ct);
                (lines, changed) = await BookLines.SinceAsync(connection, volunteer, moment, ct);
            }

            var replayed = new Dictionary<Guid, EntryView>();
            foreach (var happened in await ledger.Events.ReadAsync(connection, changed, moment, ct))
            {
                replayed[happened.StreamId] = EntryView.After(replayed.GetValueOrDefault(happened.StreamId), happened);
            }

            return new(snapshot, ledger.Store.Options.Serializer(), moment, lines, replayed);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Entries shift by shift.</summary>
    public async Task<IReadOnlyList<Work>> WorksAsync(IReadOnlyCollection<Guid> entries, CancellationToken ct) =>
    [
        .. entries.Where(replayed.ContainsKey).Select(id => replayed[id].Work()),
        .. await BookLines.WorksAsync(snapshot.Connection!, [.. entries.Where(IsUnchanged)], ct),
    ];

    /// <summary>Entries in the form in which they are stored, JSON, by id.</summary>
    public async Task<IReadOnlyDictionary<Guid, byte[]>> StoredAsync(IReadOnlyCollection<Guid> entries, CancellationToken ct)
    {
        var stored = entries.Where(replayed.ContainsKey).ToDictionary(id => id, id => Encoding.UTF8.GetBytes(serializer.ToJson(replayed[id])));
        await foreach (var (id, data) in BookLines.StoredAsync(snapshot.Connection!, [.. entries.Where(IsUnchanged)], ct))
        {
            stored.Add(id, data);
        }

        return stored;
    }

    /// <summary>All entries, whole.</summary>
    public async Task<IReadOnlyList<EntryView>> EntriesAsync(CancellationToken ct)
    {
        List<EntryView> entries = [.. replayed.Values];
        await foreach (var (_, data) in BookLines.StoredAsync(snapshot.Connection!, [.. Lines.Select(line => line.Id).Where(IsUnchanged)], ct))
        {
            using var json = new MemoryStream(data);
            entries.Add(serializer.FromJson<EntryView>(json));
        }

        return entries;
    }

    public async ValueTask DisposeAsync()
    {
        await using var connection = snapshot.Connection!;
        await snapshot.DisposeAsync();
    }

    private bool IsUnchanged(Guid entry) => !replayed.ContainsKey(entry);

    private static async Task<DateTimeOffset> LatestAsync(NpgsqlConnection connection, List<Guid> entries, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select max(timestamp) from mt_events where stream_id = any($1)", connection)
        {
            Parameters = { new() { Value = entries.ToArray() } },
        };
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(ct))!, TimeSpan.Zero);
    }
}

/// <summary>What a <see cref="PastBook"/> is read from.</summary>
internal sealed record PastBooks(NpgsqlDataSource Database, EventsOfStreams Events, IDocumentStore Store, TimeProvider Clock)
{
    public Task<PastBook> AsOfAsync(Guid volunteer, DateTimeOffset? at, CancellationToken ct) => PastBook.ReadAsync(this, volunteer, at, ct);
}
