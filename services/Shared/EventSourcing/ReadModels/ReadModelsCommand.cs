using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// What an operator does about read models: <c>rebuild</c> has one filled anew beside itself, <c>switch</c> lets another version or edition answer,
/// <c>drop</c> takes away one that does not. The running instances see each of them without a restart.
/// </summary>
internal static class ReadModelsCommand
{
    // A switch waits for the moment in which both stand at the same place; both move on meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    /// <summary>Begins another edition: the version's tables once more, empty, filled from the beginning by the instances that know the version.</summary>
    public static Task<int> RebuildAsync(
        NpgsqlConnection connection, TextWriter said, Dictionary<string, string> options) => AloneAsync(connection, async transaction =>
    {
        var reader = ReadersCommand.Required(options, "--reader");
        var all = await AllAsync(transaction, reader);
        var asked = NumberOf(options, "--version");
        if ((asked ?? Answering(all)?.Version) is not { } version || !all.Exists(model => model.Version == version))
        {
            return Say(said, 1, asked is null && all.Count > 0
                ? $"No version of {reader} answers yet; name one with --version."
                : WhatIsNotThere(all, reader, asked, null));
        }

        if (all.Exists(model => model.Version == version && model is { IsDropped: false, AnswersSince: null }))
        {
            return Say(said, 1, $"{reader} version {version} is already being filled.");
        }

        var edition = all.Where(model => model.Version == version).Max(model => model.Edition) + 1;
        await ExecuteAsync(transaction,
            """
            insert into read_models (reader, version, edition, publishers)
            select reader, version, $3, publishers from read_models where reader = $1 and version = $2 order by edition desc limit 1
            """, reader, version, edition);
        return Say(said, 0, $"{reader} version {version} is being filled again, as edition {edition}.");
    });

    /// <summary>Lets a version answer, the newest edition of it unless another is named. Not before it has come as far as the one that answers now.</summary>
    public static async Task<int> SwitchAsync(NpgsqlConnection connection, TextWriter said, Dictionary<string, string> options)
    {
        var reader = ReadersCommand.Required(options, "--reader");
        var version = (int)ReadersCommand.Number(options, "--to", int.MaxValue);
        var wait = NumberOf(options, "--wait") is { } seconds ? TimeSpan.FromSeconds(seconds) : Patience;
        var notLevel = "";
        Model? meant = null;
        var began = Stopwatch.GetTimestamp();
        do
        {
            var done = await AloneAsync<int?>(connection, async transaction =>
            {
                var all = await AllAsync(transaction, reader);
                var now = Answering(all);
                var edition = NumberOf(options, "--edition");
                // Who asked for the newest one meant that which was there.
                meant ??= Of(all, version, edition).MaxBy(model => model.Edition);
                if (meant is null || all.Find(model => model == meant) is not { IsDropped: false } then)
                {
                    return Say(said, 1, meant is null ? WhatIsNotThere(all, reader, version, edition) : $"{meant} was dropped meanwhile.");
                }

                if (then == now)
                {
                    return Say(said, 1, $"{then} already answers.");
                }

                notLevel = await WhatIsMissingAsync(transaction, reader, then, now);
                if (notLevel.Length > 0)
                {
                    return null;
                }

                // Later than every switch before it, also where the clock has gone back: this is what orders them.
                await ExecuteAsync(transaction,
                    """
                    update read_models set answers_since = greatest(
                        clock_timestamp(), (select max(answers_since) from read_models where reader = $1) + interval '1 microsecond')
                    where reader = $1 and version = $2 and edition = $3
                    """, reader, then.Version, then.Edition);
                return Say(said, 0, $"{then} answers now.");
            });
            if (done is { } code)
            {
                return code;
            }

            await Task.Delay(Again);
        }
        while (Stopwatch.GetElapsedTime(began) < wait);

        return Say(said, 1, notLevel);
    }

    /// <summary>
    /// Takes away what of a version does not answer: its tables, where it stood and what it could not handle. What somebody passed over stays on record, and
    /// that it was dropped, so that no instance begins it again.
    /// </summary>
    public static async Task<int> DropAsync(NpgsqlConnection connection, TextWriter said, Dictionary<string, string> options)
    {
        var reader = ReadersCommand.Required(options, "--reader");
        var version = (int)ReadersCommand.Number(options, "--version", int.MaxValue);
        for (var began = Stopwatch.GetTimestamp(); ; await Task.Delay(Again))
        {
            try
            {
                return await AloneAsync(connection, async transaction =>
                {
                    var all = await AllAsync(transaction, reader);
                    var edition = NumberOf(options, "--edition");
                    var named = Of(all, version, edition).ToList();
                    var dropped = named.Where(model => model != Answering(all)).ToList();
                    if (dropped.Count == 0)
                    {
                        return Say(said, 1, named is [var answering]
                            ? $"{answering} answers; switch to another first."
                            : WhatIsNotThere(all, reader, version, edition));
                    }

                    // A query of several of its tables must never be the one that is ended because each waits for the other: this gives up first, and comes
                    // again.
                    await ExecuteAsync(transaction, "set local lock_timeout = '200ms'");
                    foreach (var model in dropped)
                    {
                        await ExecuteAsync(transaction,
                            "update read_models set dropped_at = now() where reader = $1 and version = $2 and edition = $3",
                            reader, model.Version, model.Edition);
                        await ExecuteAsync(transaction,
                            "delete from reader_positions where reader = $1 and version = $2 and edition = $3", reader, model.Version, model.Edition);
                        await ExecuteAsync(transaction,
                            "delete from reader_failures where reader = $1 and version = $2 and edition = $3 and decided_at is null",
                            reader, model.Version, model.Edition);
                        await ExecuteAsync(transaction, $"drop schema if exists {ReadModels.SchemaOf(reader, model.Version, model.Edition)} cascade");
                    }

                    return Say(said, 0, $"{string.Join(" and ", dropped)} {(dropped.Count == 1 ? "was" : "were")} dropped.");
                });
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable && Stopwatch.GetElapsedTime(began) < Patience)
            {
                // Somebody still reads it.
            }
        }
    }

    /// <summary>Why the answers would be poorer for a switch; empty where they would not. Until the transaction ends neither moves.</summary>
    private static async Task<string> WhatIsMissingAsync(NpgsqlTransaction transaction, string reader, Model then, Model? now)
    {
        var places = new List<(Model Of, string Publisher, Guid? Log, long Sequence, bool IsLevel, bool IsStopped)>();
        await using (var command = Command(transaction,
            """
            select version, edition, publisher, log, sequence, level_at is not null and stopped is null and log is not null, stopped is not null
                from reader_positions
            where reader = $1 and ((version, edition) = ($2, $3) or (version, edition) = ($4, $5)) order by version, edition, publisher for update
            """, reader, then.Version, then.Edition, now?.Version ?? 0, now?.Edition ?? 0))
        {
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                var of = (row.GetInt32(0), row.GetInt32(1)) == (then.Version, then.Edition) ? then : now!;
                places.Add((of, row.GetString(2), await row.IsDBNullAsync(3) ? null : row.GetGuid(3), row.GetInt64(4), row.GetBoolean(5), row.GetBoolean(6)));
            }
        }

        foreach (var publisher in then.Publishers)
        {
            var mine = places.SingleOrDefault(place => place.Of == then && place.Publisher == publisher);
            var its = places.SingleOrDefault(place => place.Of == now && place.Publisher == publisher);
            // In another log the two cannot be compared, unless the one that answers has stopped for ever in the one that was.
            var isBehind = its.Log == mine.Log ? its.Sequence > mine.Sequence : its is { Log: not null, IsStopped: false };
            if (!mine.IsLevel || isBehind)
            {
                var other = now is null ? "" : string.Create(CultureInfo.InvariantCulture, $", and {now} at {its.Sequence}");
                return string.Create(CultureInfo.InvariantCulture, $"{then} has not caught up yet: in the log of {publisher} it is at {mine.Sequence}{other}.");
            }
        }

        await using var failed = Command(transaction,
            """
            select count(*) from reader_failures mine where reader = $1 and version = $2 and edition = $3 and state in ('blocked', 'waiting') and not exists (
                select from reader_failures its where its.reader = $1 and its.version = $4 and its.edition = $5 and its.state in ('blocked', 'waiting')
                    and (its.publisher, its.log, its.sequence) = (mine.publisher, mine.log, mine.sequence))
            """, reader, then.Version, then.Edition, now?.Version ?? 0, now?.Edition ?? 0);
        var count = (long)(await failed.ExecuteScalarAsync())!;
        return count > 0 ? $"{then} has not caught up yet: there are {count} messages that it could not handle." : "";
    }

    private static string WhatIsNotThere(List<Model> all, string reader, int? version, int? edition)
    {
        var named = all.Where(model => model.Version == version && (edition is null || model.Edition == edition)).ToList();
        var of = version is null ? reader : new Model(reader, version.Value, edition ?? 1, [], null, false).ToString().TrimEnd(',');
        return all.Count == 0 ? $"There is no read model {reader}."
            : named.Count > 0 ? $"{of} was dropped."
            : $"There is no {of}. There are: {string.Join("; ", all.Select(model => model.ToString().TrimEnd(',') + (model.IsDropped ? " (dropped)" : "")))}.";
    }

    private static Model? Answering(List<Model> all) =>
        all.Where(model => model is { IsDropped: false, AnswersSince: not null }).MaxBy(model => model.AnswersSince);

    private static IEnumerable<Model> Of(List<Model> all, int version, int? edition) =>
        all.Where(model => !model.IsDropped && model.Version == version && (edition is null || model.Edition == edition));

    private static async Task<List<Model>> AllAsync(NpgsqlTransaction transaction, string reader)
    {
        await using var command = Command(
            transaction,
            "select version, edition, publishers, answers_since, dropped_at is not null from read_models where reader = $1 order by version, edition", reader);
        await using var row = await command.ExecuteReaderAsync();
        var all = new List<Model>();
        while (await row.ReadAsync())
        {
            var answersSince = await row.IsDBNullAsync(3) ? null : (DateTime?)row.GetDateTime(3);
            all.Add(new(reader, row.GetInt32(0), row.GetInt32(1), row.GetFieldValue<string[]>(2), answersSince, row.GetBoolean(4)));
        }

        return all;
    }

    private static async Task<T> AloneAsync<T>(NpgsqlConnection connection, Func<NpgsqlTransaction, Task<T>> act)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await ExecuteAsync(transaction, ReadModels.Alone);
        var result = await act(transaction);
        await transaction.CommitAsync();
        return result;
    }

    private static async Task ExecuteAsync(NpgsqlTransaction transaction, string sql, params object[] values)
    {
        await using var command = Command(transaction, sql, values);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlTransaction transaction, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }

    private static int? NumberOf(Dictionary<string, string> options, string name) =>
        options.ContainsKey(name) ? (int)ReadersCommand.Number(options, name, int.MaxValue) : null;

    private static int Say(TextWriter said, int code, string what)
    {
        said.WriteLine(what);
        return code;
    }

    private sealed record Model(string Reader, int Version, int Edition, string[] Publishers, DateTime? AnswersSince, bool IsDropped)
    {
        public bool Equals(Model? other) => other is not null && (Reader, Version, Edition) == (other.Reader, other.Version, other.Edition);

        public override int GetHashCode() => HashCode.Combine(Reader, Version, Edition);

        public override string ToString() => Edition == 1 ? $"{Reader} version {Version}" : $"{Reader} version {Version}, edition {Edition},";
    }
}
