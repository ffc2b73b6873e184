using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>The database answers.</summary>
internal sealed class DatabaseHealth(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}

/// <summary>
/// How far the leader's shards are behind the log. Being behind degrades: reads are late, writes are not, and taking the service out would help neither.
/// </summary>
internal sealed class DaemonHealth(NpgsqlDataSource database, Leadership leadership) : IHealthCheck
{
    private const long TooFar = 1000;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand(
                """
                select name, coalesce((select last_value from mt_events_sequence where is_called), 0) - last_seq_id as behind
                from mt_event_progression order by behind desc
                """);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var behind = new Dictionary<string, object> { ["leader"] = leadership.IsMine };
            while (await reader.ReadAsync(cancellationToken))
            {
                behind[reader.GetString(0)] = reader.GetInt64(1);
            }

            var most = behind.Values.OfType<long>().DefaultIfEmpty().Max();
            return most > TooFar
                ? HealthCheckResult.Degraded($"{most} events behind", data: behind)
                : HealthCheckResult.Healthy(data: behind);
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
