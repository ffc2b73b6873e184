using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>
/// How far the latest checkpoint is behind the event store. More than a minute degrades: the log stands still, and the service's log says why.
/// </summary>
internal sealed class LogHealth(NpgsqlDataSource database, TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan TooLate = TimeSpan.FromMinutes(1);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            // The oldest event that no checkpoint has.
            await using var command = database.CreateCommand(
                """
                select timestamp from mt_events
                where seq_id > coalesce((select max(sequence) from log_leaves where index < (select max(size) from log_checkpoints)), 0)
                order by seq_id limit 1
                """);
            return await command.ExecuteScalarAsync(cancellationToken) is DateTime oldest && clock.GetUtcNow() - oldest > TooLate
                ? HealthCheckResult.Degraded($"The event of {oldest:u} is in no checkpoint yet.")
                : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
