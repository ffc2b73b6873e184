using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Of each read model a version answers. Until one does for the first time, at a new store or after an upgrade, this instance is no place to send requests
/// to: what it knows is half of it.
/// </summary>
internal sealed class ReadModelsHealth(ReadModels models) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var silent = await models.SilentAsync(cancellationToken);
            return silent.Count > 0 ? HealthCheckResult.Unhealthy($"not yet filled: {string.Join(", ", silent)}") : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}
