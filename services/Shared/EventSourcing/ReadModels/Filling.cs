using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>Fills a read model: what is to be done to its tables, in the transaction that moves the reader on, all of it in one round trip.</summary>
public sealed class Filling : IAsyncDisposable
{
    private readonly NpgsqlBatch batch;

    internal Filling(string schema, NpgsqlTransaction transaction)
    {
        Schema = schema;
        batch = new(transaction.Connection, transaction);
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

    /// <inheritdoc />
    public ValueTask DisposeAsync() => batch.DisposeAsync();

    internal async Task RunAsync(CancellationToken ct)
    {
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(ct);
        }
    }
}
