using JasperFx;
using Marten;
using Npgsql;
using VolunteerBook.ServiceDefaults;
using Weasel.Core;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// The event store's tables, those beside them and those of read models. Of instances that start at the same time one after the other looks at them, however
/// long each takes. Marten has a lock for that too, but gives up its start after some seconds in the queue, and on a busy machine the first takes longer.
/// </summary>
internal sealed class StoreSchema(IDocumentStore store, ReadModels models, IEnumerable<MovedTable> moved, string connectionString, string service)
    : IDatabaseSchema
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(0.2);

    public async Task ApplyAsync(CancellationToken ct)
    {
        // The lock ends with the connection, whatever happens.
        await using var turn = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = $"{service} schema" }.ConnectionString);
        await turn.OpenAsync(ct);
        while (!await TakenAsync(turn, ct))
        {
            await Task.Delay(Look, ct);
        }

        foreach (var table in moved)
        {
            await table.MoveAsync(turn, ct);
        }

        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
        await models.EditionsAsync(ct);
        if (models.NotMade is [var (schema, why), ..])
        {
            throw new InvalidOperationException($"The tables of {schema} could not be made: {why}");
        }
    }

    public async Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken ct)
    {
        var pending = await PendingAsync(ct);
        if (pending.Count > 0)
        {
            // What lies where it lay before is not missing.
            return pending;
        }

        var migration = await store.Storage.Database.CreateMigrationAsync(ct);
        List<string> differences = [.. migration.Deltas.Where(delta => delta.Difference != SchemaPatchDifference.None)
            .Select(delta =>
                $"{delta.SchemaObject.Identifier.QualifiedName} {(delta.Difference == SchemaPatchDifference.Create ? "is missing" : "differs")}")
            .Order(StringComparer.Ordinal)];
        // Which read models there are is said in one of those tables.
        return differences.Count > 0 ? differences : await models.MissingAsync(ct);
    }

    private async Task<IReadOnlyList<string>> PendingAsync(CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        var pending = new List<string>();
        foreach (var table in moved)
        {
            if (await table.IsPendingAsync(connection, ct))
            {
                pending.Add(table.Pending);
            }
        }

        return pending;
    }

    /// <summary>What is locked, as text.</summary>
    internal static string LockOf(string service) => $"volunteerbook-{service} schema";

    // Asked again and again: a statement that waits would be an open transaction (see Leadership).
    private async Task<bool> TakenAsync(NpgsqlConnection turn, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select pg_try_advisory_lock(hashtextextended($1, 0))", turn);
        command.Parameters.Add(new() { Value = LockOf(service) });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
