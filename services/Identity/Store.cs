using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>The database: its connection, its schema, its health.</summary>
public static class Store
{
    // Any number will do, as long as all instances take the same.
    const long PreparationLock = 0x766F6C_6964656E;
    const int LongestWaitInSeconds = 60;

    public static void AddStore(this WebApplicationBuilder builder)
    {
        // Every statement in the log would drown what matters, and on an empty database the look for past migrations is logged as a
        // failure; one that matters is thrown as well. Configuration can still ask for it.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new("Logging:LogLevel:Microsoft.EntityFrameworkCore.Database.Command", "Critical")],
        });

        var connection = builder.Configuration.GetConnectionString("identity");
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(connection!));
        builder.Services.AddDbContext<IdentityStore>(
            (services, options) => options.UseNpgsql(services.GetRequiredService<NpgsqlDataSource>()).UseOpenIddict());
        builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddNpgsql());
        builder.Services.AddSingleton<IDatabaseSchema, Migrated>().AddSingleton<IVerb, DatabaseVerb>()
            .AddSingleton<IVerb, KeysVerb>().AddSingleton<IUnderTheMasterKey, KeysUnderTheMasterKey>();
        builder.Services.AddHealthChecks().AddCheck<DatabaseAnswers>("database", tags: ["ready"]);
    }

    /// <summary>
    /// Brings keys, clients and accounts up to date. Instances that start together take turns, so that the first
    /// makes what is missing and the others find it.
    /// </summary>
    public static async Task PrepareAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IdentityStore>();

        // A connection of its own: the lock ends with it, whatever happens below.
        await using var turn = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(app.Configuration.GetConnectionString("identity")) { Pooling = false }.ConnectionString);
        await turn.OpenAsync();
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({PreparationLock})", turn)) await take.ExecuteNonQueryAsync();

        await StartRefusals.CheckDatabaseAsync(app.Environment, store);
        await scope.ServiceProvider.GetRequiredService<Keys>().RenewAsync(store);
        await Clients.RegisterAsync(scope.ServiceProvider);
        await DemoAccounts.RegisterAsync(scope.ServiceProvider);
        await FirstAdministrator.RegisterAsync(scope.ServiceProvider);
    }

    // Services may be started in any order; the database itself is made by the first migration.
    static async Task WaitForServerAsync(string connection, CancellationToken stopping)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var probe = new NpgsqlConnection(connection);
                await probe.OpenAsync(stopping);
                return;
            }
            catch (PostgresException absent) when (absent.SqlState == PostgresErrorCodes.InvalidCatalogName)
            {
                return;
            }
            catch (NpgsqlException away) when (away.IsTransient && attempt < LongestWaitInSeconds)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), stopping);
            }
        }
    }

    /// <summary>The tables, by migrations; instances that start together take turns.</summary>
    sealed class Migrated(IServiceScopeFactory scopes, IConfiguration configuration) : IDatabaseSchema
    {
        public async Task ApplyAsync(CancellationToken ct)
        {
            await WaitForServerAsync(configuration.GetConnectionString("identity")!, ct);
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<IdentityStore>().Database.MigrateAsync(ct);
        }

        public async Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken ct)
        {
            await WaitForServerAsync(configuration.GetConnectionString("identity")!, ct);
            await using var scope = scopes.CreateAsyncScope();
            var pending = await scope.ServiceProvider.GetRequiredService<IdentityStore>().Database.GetPendingMigrationsAsync(ct);
            return [.. pending.Select(migration => $"the migration {migration} is missing")];
        }
    }

    sealed class DatabaseAnswers(IdentityStore store) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            // What is thrown when it does not answer makes the check unhealthy.
            await store.Database.ExecuteSqlAsync($"SELECT 1", cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
