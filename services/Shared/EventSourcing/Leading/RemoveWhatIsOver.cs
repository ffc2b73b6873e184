using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Removes rows whose time is over: every hour, and whenever an instance begins to lead. A batch is a transaction, so that a table that has
/// grown for a year holds up nobody for longer than one takes; what somebody else has locked, a replay of a message or an instance that believes
/// to lead as well, waits for the next time.
/// </summary>
public sealed partial class RemoveWhatIsOver(KeptForDays kept, NpgsqlDataSource database, TimeProvider clock, ILogger<RemoveWhatIsOver> logger) : IWhileLeading
{
    /// <summary>The most rows of a transaction.</summary>
    public const int BatchSize = 1000;

    private static readonly Counter<long> Removed = Telemetry.Meter.CreateCounter<long>(
        "volunteerbook.retention.removed", "{row}", "Rows that were removed because their time was over, by table");

    /// <summary>The table that it looks after.</summary>
    public string Table => kept.Table;

    /// <inheritdoc />
    public Task RunAsync(CancellationToken leading) =>
        clock.EveryAsync(TimeSpan.FromHours(1), RemoveAsync, exception => NotRemoved(kept.Table, exception.Message), leading);

    /// <summary>Removes what is over now.</summary>
    public async Task RemoveAsync(CancellationToken ct)
    {
        // By the clock of the database, as all instances and most rows.
        await using var ago = database.CreateCommand("select now() - make_interval(days => $1)");
        ago.Parameters.Add(new() { Value = kept.Days });
        var before = (DateTime)(await ago.ExecuteScalarAsync(ct))!;
        while (await RemoveBatchAsync(before, ct) is var rows && rows > 0)
        {
            Removed.Add(rows, new KeyValuePair<string, object?>("table", kept.Table));
            if (rows < BatchSize)
            {
                return;
            }
        }
    }

    private async Task<int> RemoveBatchAsync(DateTime before, CancellationToken ct)
    {
        // Without the lock a row that was changed since it was looked at would go as well.
        await using var command = database.CreateCommand(
            $"delete from {kept.Table} where ctid = any(array(select kept.ctid from {kept.Table} kept where {kept.IsOver} limit $2 for "
            + "update of kept skip locked))");
        command.Parameters.Add(new() { Value = before });
        command.Parameters.Add(new() { Value = BatchSize });
        return await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Rows whose time is over could not be removed from {Table}; the next try is in an hour: {Error}")]
    private partial void NotRemoved(string table, string error);
}
