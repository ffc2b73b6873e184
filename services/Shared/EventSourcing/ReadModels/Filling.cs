using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>Fills a read model: what is to be done to its tables, in the transaction that moves the reader on, all of it in one round trip.</summary>
public sealed class Filling : IAsyncDisposable
{
    private readonly NpgsqlBatch batch;
    private readonly Dictionary<Delegate, IGathered> gathered = [];

    internal Filling(string schema, NpgsqlTransaction transaction)
    {
        Schema = schema;
        batch = new(transaction.Connection, transaction);
    }

    private interface IGathered
    {
        void Run(Filling into);
    }

    /// <summary>Where the tables of this version lie: a name of ours, to stand in a statement as it is.</summary>
    public string Schema { get; }

    /// <summary>Adds a statement; they are carried out in their order.</summary>
    /// <param name="sql">The statement, with $1, $2 and so on for the values.</param>
    /// <param name="values">The values. A null needs a type in the statement.</param>
    public void Run(string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        batch.BatchCommands.Add(command);
    }

    /// <summary>
    /// Keeps a row for statements that take many at once: a read model that is filled from the beginning is told hundreds of things together.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="run">
    /// Adds the statements for all rows that were kept for it, after those that <see cref="Run"/> was given: a static method, the same for all of them. Some
    /// rows may be about the same thing, and PostgreSQL changes a row only once in a statement.
    /// </param>
    public void Gather<T>(T row, Action<Filling, IReadOnlyList<T>> run)
    {
        if (!gathered.TryGetValue(run, out var rows))
        {
            gathered.Add(run, rows = new Gathered<T>(run));
        }

        ((Gathered<T>)rows).Add(row);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => batch.DisposeAsync();

    internal async Task RunAsync(CancellationToken ct)
    {
        foreach (var rows in gathered.Values)
        {
            rows.Run(this);
        }

        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
    }

    private sealed class Gathered<T>(Action<Filling, IReadOnlyList<T>> run) : List<T>, IGathered
    {
        public void Run(Filling into) => run(into, this);
    }
}
