using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

/// <summary>An open case whose organisation is late, without what it is about: that is the organisation's and the volunteer's business.</summary>
/// <param name="Id">The case.</param>
/// <param name="Version">Its version: what a reminder sends as If-Match.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Organisation">Its name.</param>
/// <param name="OpenedAt">When the entry was submitted, UTC.</param>
/// <param name="LimitDays">The limit in days.</param>
/// <param name="DueAt">First instant at which the organisation was late, UTC.</param>
/// <param name="EscalatedAt">When it was escalated, UTC.</param>
/// <param name="Reminder">The last reminder; null where there was none.</param>
public sealed record EscalatedCase(
    Guid Id, int Version, Guid OrganisationId, string? Organisation, DateTimeOffset OpenedAt,
    int LimitDays, DateTimeOffset DueAt, DateTimeOffset EscalatedAt, Reminder? Reminder);

/// <summary>
/// <c>GET /api/v1/cases/escalated?after=&amp;limit=</c>: open cases of all organisations that are late, the oldest first, for the administrator (N9).
/// </summary>
public static class GetEscalatedEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/cases/escalated", Handle)
            .RequireAuthorization(Policies.Administrator)
            .WithSummary("Escalated cases of all organisations, oldest first");

    private static async Task<Ok<Page<EscalatedCase>>> Handle(IQuerySession session, CancellationToken ct, string? after = null, [PageSize] int? limit = null)
    {
        var size = Cursor.Limit(limit);
        var place = Cursor.Parse(after);
        var rows = await session.QueryAsync<Case>(
            "where status = 'Open' and escalated_at is not null and (opened_at, id) > (?, ?) order by opened_at, id limit ?",
            ct, place?.At ?? DateTimeOffset.MinValue, place?.Id ?? Guid.Empty, size + 1);
        var page = Page.Of(rows, size, found => new Cursor(found.OpenedAt, found.Id));
        var names = (await session.LoadManyAsync<Organisation>(ct, [.. page.Items.Select(found => found.OrganisationId).Distinct()]))
            .ToDictionary(known => known.Id, known => known.Name);
        return TypedResults.Ok(new Page<EscalatedCase>(
            [
                .. page.Items.Select(found => new EscalatedCase(
                    found.Id, found.Version, found.OrganisationId, names.GetValueOrDefault(found.OrganisationId), found.OpenedAt, found.LimitDays, found.DueAt,
                    found.EscalatedAt!.Value, found.Reminder)),
            ],
            page.Next));
    }
}
