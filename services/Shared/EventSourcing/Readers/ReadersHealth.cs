using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace VolunteerBook.EventSourcing;

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
