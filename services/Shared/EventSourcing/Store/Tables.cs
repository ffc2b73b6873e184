using Npgsql;
using Weasel.Core;
using Weasel.Postgresql.Tables;

namespace VolunteerBook.EventSourcing;

/// <summary>The tables beside Marten's own.</summary>
internal static class Tables
{
    public static IEnumerable<ISchemaObject> All =>
    [
        EventLog(), BrokerPosition(), ReaderPositions(), ReaderFailures(), ReadModels(), IdempotentRequests(), CompareVersions.Function, InsertOnce.Function,
    ];

    /// <summary>Whether a table of before is there: what it holds is read once more, and it is not made anew.</summary>
    public static async Task<bool> IsThereAsync(this NpgsqlDataSource database, string table, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select to_regclass('public.' || $1) is not null");
        command.Parameters.Add(new() { Value = table });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Which log this is, and a position up to which it is settled: behind the mark, never beyond it; one row.</summary>
    private static Table EventLog()
    {
        var table = new Table("public.event_log");
        table.AddColumn("one", "boolean").AsPrimaryKey();
        table.AddColumn("id", "uuid").NotNull();
        table.AddColumn("mark", "bigint").NotNull();
        return table;
    }

    /// <summary>Up to which position the broker has confirmed what is published, at least; and that of the last event that was. One row.</summary>
    private static Table BrokerPosition()
    {
        var table = new Table("public.broker_position");
        table.AddColumn("one", "boolean").AsPrimaryKey();
        table.AddColumn("sequence", "bigint").NotNull();
        table.AddColumn("previous", "bigint").NotNull();
        return table;
    }

    /// <summary>Up to which position of each publisher's log a reader has handled what it wants; moved in the transaction of what that brought about.</summary>
    private static Table ReaderPositions()
    {
        var table = new Table("public.reader_positions");
        table.AddColumn("reader", "text").AsPrimaryKey();
        table.AddColumn("version", "integer").AsPrimaryKey();
        // Of a read model that is filled anew; 1 for all else.
        table.AddColumn("edition", "integer").AsPrimaryKey().DefaultValue(1);
        table.AddColumn("publisher", "text").AsPrimaryKey();
        // Null until the publisher has said which its log is.
        table.AddColumn("log", "uuid");
        table.AddColumn("sequence", "bigint").NotNull();
        // Of the time when integration events were numbered: the publisher has yet to say which position that is.
        table.AddColumn("number", "bigint");
        // Why it does nothing at all: the publisher is not what it was. Until somebody accepts that, and says from where its log is taken up.
        table.AddColumn("stopped", "text");
        // beginning or end
        table.AddColumn("accepted_from", "text");
        table.AddColumn("decided_by", "text");
        table.AddColumn("decided_at", "timestamptz");
        table.AddColumn("reason", "text");
        // Of a read model: when it had handled all that there was for the first time.
        table.AddColumn("level_at", "timestamptz");
        return table;
    }

    /// <summary>
    /// What lies in a schema of its own, filled by a reader: each version, and of each version each edition, whether or not it is still there.
    /// </summary>
    private static Table ReadModels()
    {
        var table = new Table("public.read_models");
        table.AddColumn("reader", "text").AsPrimaryKey();
        table.AddColumn("version", "integer").AsPrimaryKey();
        table.AddColumn("edition", "integer").AsPrimaryKey();
        table.AddColumn("publishers", "text[]").NotNull();
        table.AddColumn("begun_at", "timestamptz").NotNull().DefaultValueByExpression("now()");
        // Of those that an instance knows the one that was switched to last answers: each switch bears a later time than the one before it.
        table.AddColumn("answers_since", "timestamptz");
        table.AddColumn("dropped_at", "timestamptz");
        return table;
    }

    /// <summary>
    /// What a reader could not handle, and what waits behind it, until it is handled. The row of one that was passed over stays, and says who did so, and why.
    /// </summary>
    private static Table ReaderFailures()
    {
        var table = new Table("public.reader_failures");
        table.AddColumn("reader", "text").AsPrimaryKey();
        table.AddColumn("version", "integer").AsPrimaryKey();
        // Of a read model that is filled anew; 1 for all else.
        table.AddColumn("edition", "integer").AsPrimaryKey().DefaultValue(1);
        table.AddColumn("publisher", "text").AsPrimaryKey();
        table.AddColumn("log", "uuid").AsPrimaryKey();
        table.AddColumn("sequence", "bigint").AsPrimaryKey();
        // What it is about: it holds up that alone. Null where it holds up all that comes after it.
        table.AddColumn("key", "text");
        table.AddColumn("type", "text").NotNull();
        table.AddColumn("message", "jsonb").NotNull();
        table.AddColumn("error", "text");
        table.AddColumn("first_at", "timestamptz").NotNull().DefaultValueByExpression("now()");
        table.AddColumn("last_at", "timestamptz").NotNull().DefaultValueByExpression("now()");
        table.AddColumn("attempts", "integer").NotNull();
        table.AddColumn("next_at", "timestamptz").NotNull();
        // blocked, waiting (behind one that is blocked), skipped, accepted (given up with the log in which it was)
        table.AddColumn("state", "text").NotNull();
        table.AddColumn("decided_by", "text");
        table.AddColumn("decided_at", "timestamptz");
        table.AddColumn("reason", "text");
        // What is to be tried again is looked for by what it is about, and is little beside what stays. The condition as PostgreSQL writes it.
        table.Indexes.Add(new IndexDefinition("reader_failures_open")
        {
            Columns = ["reader", "version", "edition", "publisher", "log", "key", "sequence"],
            Predicate = "state = ANY (ARRAY['blocked'::text, 'waiting'::text])",
        });
        return table;
    }

    /// <summary>Clients repeat for minutes, at most for days, and an answer may tell of a person.</summary>
    public static KeptForDays OldAnswers { get; } = new("AnswersDays", 7, LeastDays: 1, "idempotent_requests", "kept.at < $1");

    /// <summary>Answers by Idempotency-Key; written in the transaction of what the request brought about.</summary>
    private static Table IdempotentRequests()
    {
        var table = new Table("public.idempotent_requests");
        table.AddColumn("caller", "text").AsPrimaryKey();
        table.AddColumn("key", "text").AsPrimaryKey();
        table.AddColumn("request_hash", "bytea").NotNull();
        table.AddColumn("status", "integer").NotNull();
        table.AddColumn("headers", "jsonb").NotNull();
        table.AddColumn("body", "bytea").NotNull();
        table.AddColumn("at", "timestamptz").NotNull().DefaultValueByExpression("now()");
        // Rows come in the order of time: a block range index finds the old ones and costs an insert next to nothing.
        table.Indexes.Add(new IndexDefinition("idempotent_requests_at") { Columns = ["at"], Method = IndexMethod.brin });
        return table;
    }
}
