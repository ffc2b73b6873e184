using Npgsql;
using Shouldly;
using VolunteerBook.Testing;

namespace VolunteerBook.Ledger.Tests.Transparency;

/// <summary>A ledger's database with its log, made by the real service, which is gone: a copy for those who change it by hand.</summary>
public sealed class AuditedStore : IAsyncLifetime
{
    public LogHost Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await Log.InitializeAsync();
        for (var i = 0; i < 10; i++)
        {
            var entry = await Log.SubmitAsync();
            if (i % 2 == 0)
            {
                Log.Confirm(entry);
            }

            if (i is 3 or 6)
            {
                // Appends that were rolled back leave numbers of the store unused.
                await Log.ExecuteAsync("select nextval('mt_events_sequence') from generate_series(1, 2)");
            }

            if (i % 3 == 0)
            {
                await Log.SignedAsync();
            }
        }

        await Eventually.Is(async () => (await Log.CountAsync("select count(*) from mt_events")).ShouldBe(30));
        (await Log.SignedAsync()).Size.ShouldBe(30);
        await Log.Service.StopAsync();
    }

    public ValueTask DisposeAsync() => Log.DisposeAsync();

    /// <summary>Another copy of the database; the tests of several hands must not meet.</summary>
    public async Task<NpgsqlDataSource> CopyAsync()
    {
        var copy = new NpgsqlConnectionStringBuilder(await TestInfrastructure.CreateDatabaseAsync("ledger_copy"));
        var source = new NpgsqlConnectionStringBuilder(Log.ConnectionString);
        await using var postgres = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Log.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await postgres.OpenAsync();
        await Eventually.Is(async () =>
        {
            // Nobody may be connected to what is copied, not even from a pool.
            foreach (var statement in new[]
            {
                $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{source.Database}'",
                $"drop database if exists {copy.Database}",
                $"create database {copy.Database} template {source.Database}",
            })
            {
                await using var command = new NpgsqlCommand(statement, postgres);
                await command.ExecuteNonQueryAsync();
            }
        });
        return NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(copy.ConnectionString) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2 }.ConnectionString);
    }
}
