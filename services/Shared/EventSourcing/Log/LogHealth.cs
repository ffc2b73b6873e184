using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// How far those who read the log for the whole service are behind it: the sender, and readers of its own. Being behind degrades: what follows is late,
/// writes are not, and taking the service out would help neither. Whoever leads moves on within seconds: where a position stands for a minute with events
/// beyond it, nobody leads, or who does is stuck or slow, and every instance that was asked meanwhile says so.
/// </summary>
internal sealed class LogHealth(
    NpgsqlDataSource database, EventSource source, Leadership leadership, IEnumerable<IWhileLeading> works, TimeProvider clock) : IHealthCheck
{
    private const long TooFar = 1500;
    private static readonly TimeSpan TooLong = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(1);

    // By this process's clock alone: what others wrote down is of theirs.
    private readonly ConcurrentDictionary<string, (long Position, long Since)> standing = [];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand(
                """
                select name, coalesce((select max(seq_id) from mt_events), 0) - sequence, sequence
                from (select 'broker' as name, coalesce((select sequence from broker_position), 0) as sequence where $3
                    union all select reader, sequence from reader_positions where publisher = $1 and version = 1 and edition = 1 and reader = any($2)) reading
                """);
            command.Parameters.Add(new() { Value = source.Name });
            // A reader that is not in the code any more is nobody's concern.
            command.Parameters.Add(new() { Value = works.OfType<ReadLog>().Select(reader => reader.Name).ToArray() });
            command.Parameters.Add(new() { Value = source.Publishes });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var behind = new Dictionary<string, object> { ["leader"] = leadership.IsMine };
            string? late = null;
            while (await reader.ReadAsync(cancellationToken))
            {
                behind[reader.GetString(0)] = reader.GetInt64(1);
                late = Stands(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)) > Late ? reader.GetString(0) : late;
            }

            var most = behind.Values.OfType<long>().DefaultIfEmpty().Max();
            // Only one event may be in the way: it is not by how far that it shows.
            var failing = leadership.Failing.Where(part => leadership.IsMine && clock.GetUtcNow() - part.Value.Since > TooLong).ToList();
            foreach (var (part, (since, error)) in failing)
            {
                behind[$"{part} fails"] = string.Create(CultureInfo.InvariantCulture, $"since {since:u}: {error}");
            }

            // It never leads for long enough that a part of it could be seen to fail.
            var breaksOff = leadership.Broken is { } broken && clock.GetUtcNow() - broken.Last < Leadership.Again && broken.Last - broken.Since > TooLong
                ? broken : null;
            if (breaksOff is not null)
            {
                behind["leading is interrupted"] = string.Create(CultureInfo.InvariantCulture, $"since {breaksOff.Since:u}: {breaksOff.Error}");
            }

            return breaksOff is not null ? HealthCheckResult.Degraded("leading is interrupted again and again", data: behind)
                : failing.Count > 0 ? HealthCheckResult.Degraded($"{failing[0].Key} makes no progress", data: behind)
                : late is not null ? HealthCheckResult.Degraded($"{late} is over a minute behind; perhaps no instance leads", data: behind)
                : most > TooFar
                ? HealthCheckResult.Degraded($"{most} events behind", data: behind)
                : HealthCheckResult.Healthy(data: behind);
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }

    private TimeSpan Stands(string name, long behind, long position)
    {
        var now = clock.GetTimestamp();
        var since = standing.AddOrUpdate(name, _ => (position, now), (_, seen) => behind > 0 && seen.Position == position ? seen : (position, now)).Since;
        return clock.GetElapsedTime(since, now);
    }
}
