using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// The read models of a service: tables in a schema for each version, filled by a reader. Several versions, and several editions of one, are filled beside
/// each other; the one that was switched to last answers. Which that is lies in the database and is looked up for every query, so that a switch is seen by
/// all instances at once. An instance answers from what it knows: of a later version than its own it hears nothing.
/// </summary>
public sealed class ReadModels
{
    // Whoever makes, switches or drops one is alone.
    internal const string Alone = "select pg_advisory_xact_lock(hashtextextended('volunteerbook read models', 0))";

    private static readonly Refusal Filling = new(
        "not-yet-filled", StatusCodes.Status503ServiceUnavailable, "These figures are being put together for the first time; please try again in a minute.");

    private readonly NpgsqlDataSource database;
    private readonly IReadOnlyList<Reader> known;
    private readonly HashSet<string> made = [];
    private readonly ConcurrentDictionary<string, string> notMade = [];

    internal ReadModels(NpgsqlDataSource database, IEnumerable<Reader> readers)
    {
        this.database = database;
        known = [.. readers.Where(reader => reader.Model is not null)];
    }

    internal bool Any => known.Count > 0;

    /// <summary>The schemas whose tables could not be made when that was last tried, and why.</summary>
    internal IReadOnlyList<(string Schema, string Why)> NotMade => [.. notMade.Select(each => (each.Key, each.Value))];

    /// <summary>
    /// Asks the versions that answer now. Where another is switched to meanwhile, asks again: the one from before goes on, and may have said more by then than
    /// the next answer would.
    /// </summary>
    /// <param name="ask">The query: given which versions these are.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="RefusedException">None of what is asked has been filled yet.</exception>
    public async Task<T> AskAsync<T>(Func<Answering, Task<T>> ask, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ask);
        var answering = await AnsweringAsync(ct);
        while (true)
        {
            Answering now;
            try
            {
                var answer = await ask(answering);
                if (answering.IsAlone || (now = await AnsweringAsync(ct)).Equals(answering))
                {
                    return answer;
                }
            }
            catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
            {
                // Dropped, which can only be after another was switched to.
                now = await AnsweringAsync(ct);
                if (now.Equals(answering))
                {
                    throw;
                }
            }

            answering = now;
        }
    }

    internal static string SchemaOf(string name, int version, int edition) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}_v{version}{(edition == 1 ? "" : $"_{edition}")}");

    /// <summary>The names of those of which nothing answers yet.</summary>
    internal async Task<IReadOnlyList<string>> SilentAsync(CancellationToken ct)
    {
        var answering = await AnsweringAsync(ct);
        return [.. known.Select(reader => reader.Name).Distinct().Where(name => !answering.Has(name))];
    }

    /// <summary>The read models for which no tables were ever made, a line each.</summary>
    internal async Task<IReadOnlyList<string>> MissingAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select name || ' version ' || number || ' has no tables' from unnest($1, $2) known (name, number)
            where not exists (select from read_models where reader = name and version = number)
                or exists (
                    select from read_models where reader = name and version = number and dropped_at is null
                        and to_regnamespace(name || '_v' || number || case when edition = 1 then '' else '_' || edition end) is null)
            order by 1
            """);
        AddKnown(command);
        await using var row = await command.ExecuteReaderAsync(ct);
        var missing = new List<string>();
        while (await row.ReadAsync(ct))
        {
            missing.Add(row.GetString(0));
        }

        return missing;
    }

    /// <summary>What is to be filled: of each version that this instance knows the editions that were not dropped. Makes the tables that are missing.</summary>
    internal async Task<IReadOnlyList<Reader>> EditionsAsync(CancellationToken ct)
    {
        if (made.Count == 0)
        {
            foreach (var reader in known)
            {
                await BeginAsync(reader, ct);
            }
        }

        var editions = new List<Reader>();
        await using (var command = database.CreateCommand(
            """
            select reader, version, edition
            from read_models join unnest($1, $2) known (name, number) on reader = name and version = number where dropped_at is null
            """))
        {
            AddKnown(command);
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                var (name, version, edition) = (row.GetString(0), row.GetInt32(1), row.GetInt32(2));
                editions.Add(known.Single(reader => reader.Name == name && reader.Version == version) with { Edition = edition });
            }
        }

        foreach (var reader in editions.Where(reader => !made.Contains(reader.Schema)))
        {
            try
            {
                await MakeAsync(reader, ct);
                made.Add(reader.Schema);
                notMade.TryRemove(reader.Schema, out _);
            }
            catch (PostgresException exception)
            {
                // The others are filled all the same.
                notMade[reader.Schema] = exception.Message;
            }
        }

        return [.. editions.Where(reader => made.Contains(reader.Schema))];
    }

    /// <summary>Where nothing answers yet, lets the one that is level with all its publishers do so: there is nothing to compare it with.</summary>
    internal async Task AnswerFirstAsync(Reader reader, CancellationToken ct)
    {
        // Two of them may be level at the same time, and one answers.
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new(Alone));
        var answer = new NpgsqlBatchCommand(
            """
            update read_models model set answers_since = clock_timestamp()
            where reader = $1 and version = $2 and edition = $3 and dropped_at is null
                and not exists (select from read_models other where other.reader = $1 and other.answers_since is not null and other.dropped_at is null)
                and (select count(*) from reader_positions at
                    where at.reader = $1 and at.version = $2 and at.edition = $3 and at.level_at is not null and at.publisher = any(publishers))
                    = cardinality(publishers)
                and not exists (
                    select from reader_failures failed where failed.reader = $1 and failed.version = $2 and failed.edition = $3
                        and failed.state in ('blocked', 'waiting'))
            """);
        answer.Parameters.Add(new() { Value = reader.Name });
        answer.Parameters.Add(new() { Value = reader.Version });
        answer.Parameters.Add(new() { Value = reader.Edition });
        batch.BatchCommands.Add(answer);
        await batch.ExecuteNonQueryAsync(ct);
    }

    private async Task<Answering> AnsweringAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select distinct on (reader) reader, version, edition,
                not exists (select from read_models other where other.reader = model.reader and other.dropped_at is null
                    and (other.version, other.edition) <> (model.version, model.edition))
            from read_models model join unnest($1, $2) known (name, number) on reader = name and version = number
            where answers_since is not null and dropped_at is null order by reader, answers_since desc
            """);
        AddKnown(command);
        var answering = new Dictionary<string, (int, int)>();
        await using var row = await command.ExecuteReaderAsync(ct);
        var alone = true;
        while (await row.ReadAsync(ct))
        {
            answering.Add(row.GetString(0), (row.GetInt32(1), row.GetInt32(2)));
            alone &= row.GetBoolean(3);
        }

        return new(answering, Filling) { IsAlone = alone };
    }

    // One that was dropped has its row still, and does not begin again.
    private async Task BeginAsync(Reader reader, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            insert into read_models (reader, version, edition, publishers)
            select $1, $2, 1, $3 where not exists (select from read_models where reader = $1 and version = $2) on conflict do nothing
            """);
        command.Parameters.Add(new() { Value = reader.Name });
        command.Parameters.Add(new() { Value = reader.Version });
        command.Parameters.Add(new() { Value = reader.Publishers.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    private async Task MakeAsync(Reader reader, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var alone = new NpgsqlCommand(Alone, connection, transaction))
        {
            await alone.ExecuteNonQueryAsync(ct);
        }

        // It may be there, or dropped by now.
        await using (var missing = new NpgsqlCommand(
            """
            select to_regnamespace($4) is null from read_models where reader = $1 and version = $2 and edition = $3 and dropped_at is null
            """, connection, transaction))
        {
            missing.Parameters.Add(new() { Value = reader.Name });
            missing.Parameters.Add(new() { Value = reader.Version });
            missing.Parameters.Add(new() { Value = reader.Edition });
            missing.Parameters.Add(new() { Value = reader.Schema });
            if (await missing.ExecuteScalarAsync(ct) is true)
            {
                await using var make = new NpgsqlCommand($"create schema {reader.Schema};\n{reader.Model!(reader.Schema)}", connection, transaction);
                await make.ExecuteNonQueryAsync(ct);
                await BeginAnewAsync(reader, transaction, ct);
            }
        }

        await transaction.CommitAsync(ct);
    }

    // Where tables were there before and have vanished, what was in them is read once more; until then they do not answer.
    private static async Task BeginAnewAsync(Reader reader, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction);
        foreach (var sql in new[]
        {
            "delete from reader_positions where reader = $1 and version = $2 and edition = $3",
            "delete from reader_failures where reader = $1 and version = $2 and edition = $3 and state in ('blocked', 'waiting')",
            "update read_models set answers_since = null where reader = $1 and version = $2 and edition = $3",
        })
        {
            batch.BatchCommands.Add(
                new(sql) { Parameters = { new() { Value = reader.Name }, new() { Value = reader.Version }, new() { Value = reader.Edition } } });
        }

        await batch.ExecuteNonQueryAsync(ct);
    }

    private void AddKnown(NpgsqlCommand command)
    {
        command.Parameters.Add(new() { Value = known.Select(reader => reader.Name).ToArray() });
        command.Parameters.Add(new() { Value = known.Select(reader => reader.Version).ToArray() });
    }
}
