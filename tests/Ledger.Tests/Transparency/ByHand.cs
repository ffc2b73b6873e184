using System.Globalization;
using VolunteerBook.Ledger.Transparency;

namespace VolunteerBook.Ledger.Tests.Transparency;

/// <summary>An event of the untouched store.</summary>
internal sealed record Untouched(long Sequence, Guid Id, Guid Stream, long Version, string Type);

/// <summary>A change that somebody makes in the event tables with SQL.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Sql">The statements.</param>
/// <param name="Kind">What the auditor must call it.</param>
/// <param name="Named">What the auditor must name: an event's or a stream's id.</param>
internal sealed record Change(string Name, string Sql, FaultKind Kind, Guid Named);

/// <summary>All the ways of changing events by hand that we could think of, at random places.</summary>
internal sealed class ByHand(IReadOnlyList<Untouched> events, Random random)
{
    /// <summary>How many kinds of changes there are.</summary>
    public const int Kinds = 28;

    private long Last => events[^1].Sequence;

    private List<long> Free => [.. Enumerable.Range(1, (int)Last).Select(n => (long)n).Except(events.Select(e => e.Sequence)), 0, -random.Next(1, 1000)];

    /// <summary>A change of the kind with this number.</summary>
    public Change Make(int kind)
    {
        var e = Any();
        return kind switch
        {
            0 => Edit("data: a number", e, "data = jsonb_set(data, '{revision}', to_jsonb(coalesce((data ->> 'revision')::int, 0) + 1))"),
            1 => Edit("data: a member more", e, Text($"data = data || '{{\"more\": {random.Next()}}}'")),
            2 => Edit("data: a member less", e, "data = data - 'at'"),
            3 => Edit("data: a time", e, "data = jsonb_set(data, '{at}', to_jsonb((data ->> 'at')::timestamptz + interval '1 minute'))"),
            4 => Edit("data: all of another", e, Text($"data = (select data || '{{\"by\": \"hand\"}}' from mt_events where seq_id = {Other(e).Sequence})")),
            5 => Edit("data: a fraction", e, "data = data || '{\"minutes\": 1.5}'"),
            6 => Edit("type", e, Text($"type = '{(e.Type == "entry_confirmed" ? "entry_rejected" : "entry_confirmed")}'")),
            7 => Edit("time", e, Text($"timestamp = timestamp + interval '{random.Next(1, 100)} microseconds'")),
            8 => Edit("time: before Christ", e, "timestamp = '2026-01-01 BC'"),
            9 => Edit("author", e, Text($"user_name = '{Guid.NewGuid()}'")),
            10 => Edit("author: none", e, "user_name = null"),
            11 => Edit("kind of author", e, "headers = headers || '{\"kind\": \"nobody\"}'"),
            12 => Edit("correlation", e, "correlation_id = correlation_id || 'x'"),
            13 => Edit("causation", e, "causation_id = null"),
            14 => Edit("id", e, Text($"id = '{Guid.NewGuid()}'")),
            15 => new Change("delete", Delete(e), FaultKind.Deleted, e.Id),
            16 => new Change("delete, and close the gap in the stream", Delete(e) + Renumber(e), FaultKind.Deleted, e.Id),
            17 => new Change(
                "delete, and close the gap in the stream and in the store", Delete(e) + Renumber(e) + Shift(e.Sequence, -1), FaultKind.Deleted, e.Id),
            18 => Several(),
            19 => WholeStream(e),
            20 => SwapSequences(e),
            // A certificate's stream has one event, and nothing to swap it with.
            21 => SwapVersions(Any(events.Where(one => events.Any(other => other.Stream == one.Stream && other.Id != one.Id)))),
            22 => ToAnotherStream(e, tidy: false),
            23 => ToAnotherStream(e, tidy: true),
            24 => new Change(
                "to a free place", Text($"update mt_events set seq_id = {Any(Free.Append(Last + 7))} where seq_id = {e.Sequence};"), FaultKind.Moved, e.Id),
            25 => Insert(),
            26 => InsertBetween(e),
            _ => new Change(
                "a stream's version", Text($"update mt_streams set version = version + {random.Next(1, 5)} where id = '{e.Stream}';"),
                FaultKind.StreamAltered, e.Stream),
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Change Edit(string name, Untouched e, string set) =>
        new($"edit {name}", Text($"update mt_events set {set} where seq_id = {e.Sequence};"), FaultKind.Altered, e.Id);

    private static string Delete(Untouched e) => Text($"delete from mt_events where seq_id = {e.Sequence};");

    private static string Renumber(Untouched e) =>
        Text(
            $"""
            update mt_events set version = -version where stream_id = '{e.Stream}' and version > {e.Version};
            update mt_events set version = -version - 1 where stream_id = '{e.Stream}' and version < 0;
            """)
        + Tidy(e.Stream);

    // In two steps: PostgreSQL checks that numbers are unique row by row.
    private static string Shift(long from, int by) =>
        Text(
            $"""
            update mt_events set seq_id = seq_id + 1000000 where seq_id >= {from};
            update mt_events set seq_id = seq_id - 1000000 + {by} where seq_id >= 1000000;
            """);

    private static string Tidy(Guid stream) =>
        $"update mt_streams set version = coalesce((select max(version) from mt_events where stream_id = '{stream}'), 0) where id = '{stream}';";

    private T Any<T>(IEnumerable<T> items) => items.ElementAt(random.Next(items.Count()));

    private Untouched Any() => Any(events);

    private Untouched Other(Untouched than) => Any(events.Where(e => e.Id != than.Id));

    private Change Several()
    {
        var first = random.Next(events.Count);
        var last = random.Next(first, events.Count);
        return new Change(
            "delete several", Text($"delete from mt_events where seq_id between {events[first].Sequence} and {events[last].Sequence};"),
            FaultKind.Deleted, events[first].Id);
    }

    private Change WholeStream(Untouched e) =>
        new(
            "delete a stream", $"delete from mt_events where stream_id = '{e.Stream}'; delete from mt_streams where id = '{e.Stream}';", FaultKind.Deleted,
            events.First(one => one.Stream == e.Stream).Id);

    private Change SwapSequences(Untouched e)
    {
        var other = Other(e);
        return new Change(
            "swap in the store",
            Text(
                $"""
                update mt_events set seq_id = -1 where seq_id = {e.Sequence};
                update mt_events set seq_id = {e.Sequence} where seq_id = {other.Sequence}; update mt_events set seq_id = {other.Sequence} where seq_id = -1;
                """),
            FaultKind.Moved,
            e.Sequence < other.Sequence ? e.Id : other.Id);
    }

    private Change SwapVersions(Untouched e)
    {
        var other = Any(events.Where(one => one.Stream == e.Stream && one.Id != e.Id));
        return new Change(
            "swap in the stream",
            Text(
                $"""
                update mt_events set version = -1 where seq_id = {e.Sequence};
                update mt_events set version = {e.Version} where seq_id = {other.Sequence};
                update mt_events set version = {other.Version} where seq_id = {e.Sequence};
                """),
            FaultKind.Moved,
            e.Sequence < other.Sequence ? e.Id : other.Id);
    }

    private Change ToAnotherStream(Untouched e, bool tidy)
    {
        var stream = Any(events.Where(one => one.Stream != e.Stream)).Stream;
        var move = Text(
            $"""
            update mt_events set stream_id = '{stream}',
            version = (select max(version) + 1 from mt_events where stream_id = '{stream}') where seq_id = {e.Sequence};
            """);
        // Tidied up, later events of the stream that it left have moved too; the first is the one to name.
        return new Change(tidy ? "to another stream, tidied up" : "to another stream", tidy ? move + Renumber(e) + Tidy(stream) : move, FaultKind.Moved, e.Id);
    }

    private Change Insert()
    {
        var (id, like) = (Guid.NewGuid(), Any());
        return new Change("insert at a free place", Copy(like, id, Any(Free)) + Tidy(like.Stream), FaultKind.Inserted, id);
    }

    private Change InsertBetween(Untouched e)
    {
        var (id, like) = (Guid.NewGuid(), Any());
        return new Change(
            "insert, and move the later ones",
            Shift(e.Sequence, 1) + Copy(like, id, e.Sequence) + Tidy(like.Stream),
            FaultKind.Inserted,
            id);
    }

    private static string Copy(Untouched like, Guid id, long sequence) => Text(
        $"""
         insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id,
             headers, user_name, is_archived)
         select {sequence}, '{id}', stream_id, (select max(version) + 1 from mt_events where stream_id = '{like.Stream}'), data, type, timestamp, tenant_id,
             mt_dotnet_type, correlation_id, causation_id, headers, user_name, is_archived
         from mt_events where id = '{like.Id}';
         """);
}
