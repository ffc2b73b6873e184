using System.Buffers.Text;
using System.Data.Common;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.OrganisationRules;

namespace VolunteerBook.Verification.ServiceLevels;

/// <summary>How an organisation decides (N9). What volunteers took back does not count.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Name">Its name.</param>
/// <param name="LimitDays">Within how many days it decides on what is submitted now.</param>
/// <param name="Open">Cases that wait.</param>
/// <param name="Escalated">How many of these it is late with.</param>
/// <param name="OldestOpenDays">How long the oldest of them has waited, in days; null where none waits.</param>
/// <param name="MedianOpenDays">The median of how long they have waited, in days.</param>
/// <param name="Decided">Cases that it decided within the last 365 days.</param>
/// <param name="InTimeShare">
/// Which share of these it decided within the limit that they had, 0 to 1; null where there are fewer than five: so few would tell about persons.
/// </param>
/// <param name="MedianDecisionDays">The median of how long these had waited, in days; null where there are fewer than five.</param>
public sealed record ServiceLevel(
    Guid OrganisationId, string Name, int LimitDays, long Open, long Escalated, double? OldestOpenDays, double? MedianOpenDays, long Decided,
    double? InTimeShare, double? MedianDecisionDays);

/// <summary>What a list of service levels is sorted by.</summary>
public enum ServiceLevelOrder
{
    Name,

    /// <summary>The largest share in time first; those of whom none is said last.</summary>
    Share,
}

/// <summary><c>GET /api/v1/service-levels?sort=&amp;after=&amp;limit=</c> and <c>/service-levels/{organisationId}</c>: for everyone.</summary>
public static class GetServiceLevelsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/service-levels", List).AllowAnonymous().WithSummary("How fast organisations decide, by name or by the share decided in time");
        routes.MapGet("/service-levels/{organisationId:guid}", Detail).AllowAnonymous().WithSummary("How fast an organisation decides");
    }

    private static async Task<Ok<Page<ServiceLevel>>> List(
        HttpContext http, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct, string? sort = null, string? after = null,
        [PageSize] int? limit = null)
    {
        var size = Cursor.Limit(limit);
        var rows = await ReadAsync(
            database, clock.GetUtcNow(), null, Rules.OneOf<ServiceLevelOrder>("sort", sort) ?? ServiceLevelOrder.Name, Place.Parse(after), size + 1, ct);
        http.Response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Ok(new Page<ServiceLevel>(
            [.. rows.Take(size).Select(row => row.Level)], rows.Count > size ? rows[size - 1].Place.ToString() : null));
    }

    private static async Task<Results<Ok<ServiceLevel>, NotFound>> Detail(
        Guid organisationId, HttpContext http, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        var rows = await ReadAsync(database, clock.GetUtcNow(), organisationId, ServiceLevelOrder.Name, null, 1, ct);
        if (rows is not [{ Level: var level }])
        {
            return TypedResults.NotFound();
        }

        http.Response.Headers.CacheControl = "public, max-age=60";
        return TypedResults.Ok(level);
    }

    private static async Task<List<(ServiceLevel Level, Place Place)>> ReadAsync(
        NpgsqlDataSource database, DateTimeOffset now, Guid? organisation, ServiceLevelOrder order, Place? after, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = (object?)organisation ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = order == ServiceLevelOrder.Share });
        command.Parameters.Add(new() { Value = after?.Key ?? "" });
        command.Parameters.Add(new() { Value = after?.Id ?? Guid.Empty });
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { Value = ConfirmationRules.UsualDays });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var levels = new List<(ServiceLevel, Place)>();
        while (await rows.ReadAsync(ct))
        {
            levels.Add((
                new ServiceLevel(
                    rows.GetGuid(0), rows.GetString(1), rows.GetInt32(2), rows.GetInt64(3), rows.GetInt64(4), Days(rows, 5), Days(rows, 6),
                    rows.GetInt64(7), await rows.IsDBNullAsync(8, ct) ? null : Math.Round(rows.GetDouble(8), 3), Days(rows, 9)),
                new Place(rows.GetString(10), rows.GetGuid(0))));
        }

        return levels;
    }

    private static double? Days(DbDataReader row, int column) => row.IsDBNull(column) ? null : Math.Round(row.GetDouble(column), 1);

    // One statement over the columns of the cases: none is loaded. The key that the list is sorted by is text in both
    // orders, so that one kind of place serves both.
    private const string Sql =
        """
        with figures as (
            select organisation_id,
                count(*) filter (where status = 'Open') as open,
                count(*) filter (where status = 'Open' and escalated_at is not null) as escalated,
                extract(epoch from $1 - min(opened_at) filter (where status = 'Open'))::float8 / 86400 as oldest,
                percentile_cont(0.5) within group (order by extract(epoch from $1 - opened_at)::float8 / 86400) filter (where status = 'Open') as median_open,
                count(*) filter (where status <> 'Open') as decided,
                count(*) filter (where status <> 'Open' and decided_at < due_at) as in_time,
                percentile_cont(0.5) within group (order by extract(epoch from decided_at - opened_at)::float8 / 86400)
                    filter (where status <> 'Open') as median_decided
            from mt_doc_case
            where ($2::uuid is null or organisation_id = $2)
              and (status = 'Open' or (status in ('Confirmed', 'Rejected', 'Returned', 'Revoked', 'Settled') and decided_at > $1 - interval '365 days'))
            group by organisation_id
        ), levels as (
            select organisation.id, organisation.data ->> 'name' as name, open, escalated, oldest, median_open, decided,
                coalesce((rules.data ->> 'decideWithinDays')::integer, $7) as limit_days,
                case when decided >= 5 then in_time::float8 / decided end as share,
                case when decided >= 5 then median_decided end as median_decided
            from mt_doc_organisation organisation
            left join figures on figures.organisation_id = organisation.id
            left join mt_doc_confirmationrules rules on rules.data ->> 'organisationId' = organisation.id::text
            where ($2::uuid is null or organisation.id = $2) and organisation.data ->> 'name' <> ''
        ), keyed as (
            select *, case when $3 then case when share is null then '2' else to_char(1 - share, 'FM0.000000') end else lower(name) end collate "C" as key
                from levels
        )
        select id, name, limit_days, coalesce(open, 0), coalesce(escalated, 0), oldest, median_open, coalesce(decided, 0), share, median_decided, key
        from keyed where (key, id) > ($4, $5) order by key, id limit $6
        """;

    /// <summary>A place in the list: the key of the row before it and its organisation.</summary>
    private sealed record Place(string Key, Guid Id)
    {
        public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Id:n}{Key}"));

        public static Place? Parse(string? after)
        {
            if (string.IsNullOrEmpty(after))
            {
                return null;
            }

            var text = after.Length <= 4000 && Base64Url.IsValid(after) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(after)) : "";
            return text.Length >= 32 && Guid.TryParseExact(text[..32], "n", out var id) && !text.Any(char.IsControl)
                ? new Place(text[32..], id)
                : throw new RefusedException(Refusal.Invalid("malformed-cursor", "after", "The cursor must be the `next` of the previous page."));
        }
    }
}
