using Npgsql;
using NpgsqlTypes;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>The book as its owner reads it.</summary>
/// <param name="Items">A page of entries, the latest work first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
/// <param name="Totals">Of the whole book, whatever the filters; withdrawn entries do not count.</param>
public sealed record Book(IReadOnlyList<Entry> Items, string? Next, BookTotals Totals);

/// <summary>Totals of a book.</summary>
/// <param name="Minutes">Of all entries that are not withdrawn or rejected.</param>
/// <param name="Entries">How many these are.</param>
/// <param name="ByStatus">By the entry's status, every status that occurs.</param>
/// <param name="ByOrganisation">By organisation, as <paramref name="Minutes"/>.</param>
/// <param name="ByTaskType">By task type, as <paramref name="Minutes"/>.</param>
/// <param name="ByYear">By the year in which the work began, as <paramref name="Minutes"/>.</param>
public sealed record BookTotals(
    long Minutes, long Entries, IReadOnlyList<Total> ByStatus, IReadOnlyList<Total> ByOrganisation, IReadOnlyList<Total> ByTaskType, IReadOnlyList<Total> ByYear);

/// <summary>One line of a total.</summary>
public sealed record Total(string Key, long Minutes, long Entries);

/// <summary><c>GET /api/v1/book</c>: one's own book, paged and filtered, with its totals (F1, F3, F7).</summary>
public static class GetBookEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .Produces<Book>()
            .WithSummary("One's own book: entries and totals");

    private static async Task Handle(
        HttpContext http, Caller caller, NpgsqlDataSource database, CancellationToken ct,
        string? status = null, Guid? organisationId = null, string? taskType = null, int? year = null, string? after = null, int? limit = null)
    {
        var cursor = Cursor.Parse(after);
        var size = Cursor.Limit(limit);
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Items(caller.Id, Rules.OneOf<EntryStatus>("status", status), organisationId, taskType, year, cursor, size));
        batch.BatchCommands.Add(Totals(caller.Id));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await BookJson.WriteAsync(http.Response, reader, size, ct);
    }

    // One row more than the page: it says whether there is a next page.
    private static NpgsqlBatchCommand Items(Guid volunteer, EntryStatus? status, Guid? organisation, string? taskType, int? year, Cursor? cursor, int size) => new(
        """
        select data, first_start, id from mt_doc_entry
        where volunteer_id = $1
          and ($2::varchar is null or status = $2) and ($3::uuid is null or organisation_id = $3)
          and ($4::varchar is null or task_type = $4) and ($5::int is null or year = $5)
          and ($6::timestamptz is null or (first_start, id) < ($6, $7))
        order by first_start desc, id desc limit $8
        """)
    {
        Parameters =
        {
            new() { Value = volunteer },
            new() { Value = (object?)status?.ToString() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
            new() { Value = (object?)organisation ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = (object?)taskType ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
            new() { Value = (object?)year ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
            new() { Value = (object?)cursor?.At ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = (object?)cursor?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = size + 1 },
        },
    };

    private static NpgsqlBatchCommand Totals(Guid volunteer) => new(
        """
        select 'byStatus', lower(status), sum(minutes), count(*) from mt_doc_entry where volunteer_id = $1 group by status
        union all
        select case when grouping(organisation_id) = 0 then 'byOrganisation' when grouping(task_type) = 0 then 'byTaskType' when grouping(year) = 0 then 'byYear' else 'all' end,
            coalesce(organisation_id::text, task_type, year::text), coalesce(sum(minutes), 0), count(*)
        from mt_doc_entry where volunteer_id = $1 and status not in ('Withdrawn', 'Rejected')
        group by grouping sets ((), (organisation_id), (task_type), (year))
        """)
    {
        Parameters = { new() { Value = volunteer } },
    };
}
