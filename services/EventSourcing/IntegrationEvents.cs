using System.Text.Json;
using Npgsql;
using VolunteerBook.Contracts;

namespace VolunteerBook.EventSourcing;

/// <summary>What this service has published, by number.</summary>
internal sealed class IntegrationEvents(NpgsqlDataSource database, EventSource source)
{
    public async Task<IReadOnlyList<IntegrationMessage>> AfterAsync(long number, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select number, id, type, at, by, correlation_id, trace_parent, data from integration_events where number > $1 order by number limit $2");
        command.Parameters.Add(new() { Value = number });
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var messages = new List<IntegrationMessage>();
        while (await reader.ReadAsync(cancellationToken))
        {
            messages.Add(new IntegrationMessage(
                source.Name,
                reader.GetInt64(0),
                reader.GetGuid(1),
                reader.GetString(2),
                new DateTimeOffset(reader.GetDateTime(3), TimeSpan.Zero),
                NullIfEmpty(reader.GetString(4)),
                NullIfEmpty(reader.GetString(5)),
                NullIfEmpty(reader.GetString(6)),
                JsonDocument.Parse(reader.GetString(7)).RootElement));
        }

        return messages;
    }

    public async Task<long> LastNumberAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select coalesce(max(number), 0) from integration_events");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}
