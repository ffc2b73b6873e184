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
    /// Keeps a row for a statement that takes many: a read model that is filled from the beginning is told hundreds of things at once. Rows about one thing
    /// are taken in their order, one in each statement, after all that <see cref="Run"/> was given; so rows about different things must not touch the same.
    /// </summary>
    /// <param name="about">What the row is about.</param>
    /// <param name="row">The row.</param>
    /// <param name="run">Adds the statement for some rows, no two of them about the same.</param>
    public void Gather<T>(Guid about, T row, Action<Filling, IReadOnlyList<T>> run)
    {
        if (!gathered.TryGetValue(run, out var rows))
        {
            gathered.Add(run, rows = new Gathered<T>(run));
        }

        ((Gathered<T>)rows).Add(about, row);
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

    // The first row about each thing, the second, and so on.
    private sealed class Gathered<T>(Action<Filling, IReadOnlyList<T>> run) : IGathered
    {
        private readonly List<List<T>> rounds = [];
        private readonly Dictionary<Guid, int> taken = [];

        public void Add(Guid about, T row)
        {
            var round = taken.GetValueOrDefault(about);
            if (round == rounds.Count)
            {
                rounds.Add([]);
            }

            rounds[round].Add(row);
            taken[about] = round + 1;
        }

        public void Run(Filling into) => rounds.ForEach(round => run(into, round));
    }
}
