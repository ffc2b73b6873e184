using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// What readers could not handle or do not come to an end with, and publishers that are not what they were. It degrades: what is held up is late, everything
/// else goes on, and somebody has to look.
/// </summary>
internal sealed class ReadersHealth(NpgsqlDataSource database, Readers readers, ReadModels models) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var all = readers.All;
            var told = new Dictionary<string, object>();
            foreach (var reading in all)
            {
                if (WorryOf(reading) is { } worry)
                {
                    told[$"{reading.Reader.Label} from {reading.Publisher}"] = worry;
                }
            }

            foreach (var (schema, why) in models.NotMade)
            {
                told[schema] = $"Its tables could not be made: {why}";
            }

            await using var command = database.CreateCommand(
                """
                select label || ' from ' || publisher || ' at ' || sequence,
                    type || ', for ' || extract(epoch from now() - first_at)::bigint || ' s, tried ' || attempts || ' times: ' || coalesce(error, '')
                from reader_failures join unnest($1, $2, $3, $4, $5) known (name, number, filled, publishes, label)
                    on reader = name and version = number and edition = filled and publisher = publishes
                where state = 'blocked' order by first_at limit 20
                """);
            // A reader that is not in the code any more is nobody's concern.
            command.Parameters.Add(new() { Value = all.Select(reading => reading.Reader.Name).ToArray() });
            command.Parameters.Add(new() { Value = all.Select(reading => reading.Reader.Version).ToArray() });
            command.Parameters.Add(new() { Value = all.Select(reading => reading.Reader.Edition).ToArray() });
            command.Parameters.Add(new() { Value = all.Select(reading => reading.Publisher).ToArray() });
            command.Parameters.Add(new() { Value = all.Select(reading => reading.Reader.Label).ToArray() });
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

    private static string? WorryOf(Reading reading) => reading.Hangs is { TotalSeconds: var seconds }
        ? string.Create(CultureInfo.InvariantCulture, $"It has been handling what comes after position {reading.Here?.Sequence} for {seconds:0} s.")
        : reading.Worry;
}
