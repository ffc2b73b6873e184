using System.Globalization;
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
/// How far those who read the log for the whole service are behind it: the sender, and readers of its own. Being behind degrades: what follows is late,
/// writes are not, and taking the service out would help neither.
/// </summary>
internal sealed class LogHealth(NpgsqlDataSource database, EventSource source, Leadership leadership, TimeProvider clock) : IHealthCheck
{
    private const long TooFar = 1500;
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(30);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand(
                """
                select name, coalesce((select max(seq_id) from mt_events), 0) - sequence
                from (select 'broker' as name, sequence from broker_position
                    union all select reader, sequence from reader_positions
                        where publisher = $1 and not exists (select from read_models where read_models.reader = reader_positions.reader)) reading
                """);
            command.Parameters.Add(new() { Value = source.Name });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var behind = new Dictionary<string, object> { ["leader"] = leadership.IsMine };
            while (await reader.ReadAsync(cancellationToken))
            {
                behind[reader.GetString(0)] = reader.GetInt64(1);
            }

            var most = behind.Values.OfType<long>().DefaultIfEmpty().Max();
            // Only one event may be in the way: it is not by how far that it shows.
            var failing = leadership.Failing.Where(part => leadership.IsMine && clock.GetUtcNow() - part.Value.Since > TooLong).ToList();
            foreach (var (part, (since, error)) in failing)
            {
                behind[$"{part} fails"] = string.Create(CultureInfo.InvariantCulture, $"since {since:u}: {error}");
            }

            return failing.Count > 0 ? HealthCheckResult.Degraded($"{failing[0].Key} does not go on", data: behind)
                : most > TooFar
                ? HealthCheckResult.Degraded($"{most} events behind", data: behind)
                : HealthCheckResult.Healthy(data: behind);
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}

/// <summary>
/// What readers could not handle, and publishers that are not what they were. It degrades: what is held up is late, everything else goes on, and somebody has
/// to look.
/// </summary>
internal sealed class ReadersHealth(NpgsqlDataSource database, Readers readers, ReadModels models) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var told = readers.All.Where(reading => reading.Worry is not null)
                .ToDictionary(reading => $"{reading.Reader.Name} from {reading.Publisher}", reading => (object)reading.Worry!);
            foreach (var (schema, why) in models.NotMade)
            {
                told[schema] = $"Its tables could not be made: {why}";
            }

            await using var command = database.CreateCommand(
                """
                select reader || ' from ' || publisher || ' at ' || sequence,
                    type || ', for ' || extract(epoch from now() - first_at)::bigint || ' s, tried ' || attempts || ' times: ' || coalesce(error, '')
                from reader_failures join unnest($1, $2, $3) known (name, number, publishes) on reader = name and version = number and publisher = publishes
                where state = 'blocked' order by first_at limit 20
                """);
            // A reader that is not in the code any more is nobody's concern.
            command.Parameters.Add(new() { Value = readers.All.Select(reading => reading.Reader.Name).ToArray() });
            command.Parameters.Add(new() { Value = readers.All.Select(reading => reading.Reader.Version).ToArray() });
            command.Parameters.Add(new() { Value = readers.All.Select(reading => reading.Publisher).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                told[reader.GetString(0)] = reader.GetString(1);
            }

            return told.Count > 0 ? HealthCheckResult.Degraded($"{told.Count} held up", data: told) : HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }
}

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
