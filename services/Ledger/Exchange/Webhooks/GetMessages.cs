using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>A message as its agency sees it.</summary>
/// <param name="Id">The <c>webhook-id</c>.</param>
/// <param name="Type">See <see cref="MessageTypes"/>.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="GrantId">The grant.</param>
/// <param name="At">When the event was recorded, UTC.</param>
/// <param name="Status">Where the message stands; <c>dead</c> is the dead-letter list.</param>
/// <param name="Attempts">How many attempts there were since it was made or replayed.</param>
/// <param name="NextAttemptAt">Not before, UTC; null where no attempt is planned.</param>
/// <param name="LastAttemptAt">When the last attempt ended, UTC.</param>
/// <param name="LastStatus">The receiver's HTTP status at the last attempt; null without an answer.</param>
/// <param name="LastError"><c>timeout</c>, <c>unreachable</c> or <c>address-refused</c> where there was no answer.</param>
public sealed record DeliveryView(
    Guid Id, string Type, Guid VolunteerId, Guid GrantId, DateTimeOffset At, DeliveryStatus Status,
    int Attempts, DateTimeOffset? NextAttemptAt, DateTimeOffset? LastAttemptAt,
    int? LastStatus, string? LastError);

/// <summary><c>GET /api/v1/agency/deliveries?status=&amp;after=&amp;limit=</c>: the messages of an agency, the oldest first.</summary>
public static class GetMessagesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/agency/deliveries", Handle)
            .RequireAuthorization(Policies.Agency)
            .WithSummary("Messages to your webhook, oldest first; status=dead is the dead-letter list");

    private static async Task<Ok<Page<DeliveryView>>> Handle(
        Caller caller, NpgsqlDataSource database, CancellationToken ct, string? status = null, string? after = null, [PageSize] int? limit = null)
    {
        var size = Cursor.Limit(limit);
        var cursor = Cursor.Parse(after);
        var wanted = Rules.OneOf<DeliveryStatus>("status", status);
        await using var command = database.CreateCommand(
            """
            select id, type, volunteer_id, grant_id, at, status, attempts, next_at, last_at, last_status, last_error from webhook_deliveries
            where agency_id = $1 and ($2::text is null or status = $2) and ($3::timestamptz is null or (at, id) > ($3, $4))
            order by at, id limit $5
            """);
        command.Parameters.Add(new() { Value = Agency.IdOf(caller.Subject) });
        command.Parameters.Add(new() { Value = wanted is { } one ? NameOf(one) : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(Moment(cursor?.At));
        command.Parameters.Add(new() { Value = (object?)cursor?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = size + 1 });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var found = new List<DeliveryView>();
        while (await rows.ReadAsync(ct))
        {
            found.Add(new DeliveryView(
                rows.GetGuid(0), rows.GetString(1), rows.GetGuid(2), rows.GetGuid(3), rows.GetFieldValue<DateTimeOffset>(4),
                Enum.Parse<DeliveryStatus>(rows.GetString(5), ignoreCase: true),
                rows.GetInt32(6), rows.GetFieldValue<DateTimeOffset?>(7), rows.GetFieldValue<DateTimeOffset?>(8), rows.GetFieldValue<int?>(9),
                await rows.IsDBNullAsync(10, ct) ? null : rows.GetString(10)));
        }

        return TypedResults.Ok(Page.Of(found, size, delivery => new Cursor(delivery.At, delivery.Id)));
    }

    /// <summary>A status as the table writes it.</summary>
    internal static string NameOf(DeliveryStatus status) => status.ToString().ToLowerInvariant();

    /// <summary>A moment, or none, as a parameter.</summary>
    internal static NpgsqlParameter Moment(DateTimeOffset? at) => new() { Value = (object?)at ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
