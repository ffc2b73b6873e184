using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Mail;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts.Deliveries;

/// <summary>A delivery as the extract's owner sees it.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Version">For <c>If-Match</c> where the link is taken back.</param>
/// <param name="At">When it was made, UTC.</param>
/// <param name="Recipient">For whom the link is; null without a link.</param>
/// <param name="Email">Where the mail went; null without one.</param>
/// <param name="Mail">Where the mail stands; null where it is so old that this is not kept any more.</param>
/// <param name="MailAt">When the mail was last tried, UTC; null likewise.</param>
/// <param name="Until">When the link ends, UTC.</param>
/// <param name="WithdrawnAt">When the link was taken back, UTC.</param>
/// <param name="Opens">How often the link was opened.</param>
/// <param name="Downloads">How often the file was got by it.</param>
/// <param name="LastOpenedAt">When either was last, UTC.</param>
public sealed record DeliveryView(
    Guid Id, int Version, DateTimeOffset At, string? Recipient, string? Email, MailStatus? Mail,
    DateTimeOffset? MailAt, DateTimeOffset? Until, DateTimeOffset? WithdrawnAt,
    int Opens, int Downloads, DateTimeOffset? LastOpenedAt);

/// <summary><c>GET /api/v1/extracts/{id}/deliveries</c>: to whom an extract of one's own was given, the latest first.</summary>
public static class GetDeliveriesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/extracts/{id:guid}/deliveries", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Who was given an extract and how often it was opened, latest first");

    private static async Task<Results<Ok<Page<DeliveryView>>, NotFound>> Handle(
        Guid id, Caller caller, IQuerySession session, NpgsqlDataSource database, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        if (await session.LoadAsync<Extract>(id, ct) is not { } extract || extract.VolunteerId != caller.Id)
        {
            return TypedResults.NotFound();
        }

        var size = Cursor.Limit(limit);
        var given = session.Query<Delivery>().Where(delivery => delivery.ExtractId == id);
        if (Cursor.Parse(after) is { } cursor)
        {
            given = given.Where(delivery => delivery.At < cursor.At || (delivery.At == cursor.At && delivery.Id.CompareTo(cursor.Id) < 0));
        }

        var deliveries = await given.OrderByDescending(delivery => delivery.At).ThenByDescending(delivery => delivery.Id).Take(size + 1).ToListAsync(ct);
        var views = new Dictionary<Guid, DeliveryView>();
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = deliveries.Select(delivery => delivery.Id).ToArray() });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            var delivery = deliveries.First(one => one.Id == rows.GetGuid(0));
            views[delivery.Id] = new DeliveryView(
                delivery.Id, delivery.Version, delivery.At, await rows.IsDBNullAsync(1, ct) ? null : rows.GetString(1),
                await rows.IsDBNullAsync(2, ct) ? null : rows.GetString(2),
                await rows.IsDBNullAsync(3, ct) ? null : Enum.Parse<MailStatus>(rows.GetString(3), ignoreCase: true), rows.GetFieldValue<DateTimeOffset?>(4),
                delivery.Until, delivery.WithdrawnAt, rows.GetInt32(5), rows.GetInt32(6), rows.GetFieldValue<DateTimeOffset?>(7));
        }

        // Where an erasure removed the names, that it was given remains.
        return TypedResults.Ok(Page.Of(
            [.. deliveries.Select(one => views.GetValueOrDefault(one.Id)
                ?? new DeliveryView(one.Id, one.Version, one.At, null, null, null, null, one.Until, one.WithdrawnAt, 0, 0, null))],
            size, view => new Cursor(view.At, view.Id)));
    }

    private const string Sql =
        """
        select delivery_id, given.recipient, email, mail.status, mail.last_at, opens, downloads, last_opened_at
        from extract_deliveries given left join outgoing_mail mail on mail.id = given.mail_id where delivery_id = any($1)
        """;
}
