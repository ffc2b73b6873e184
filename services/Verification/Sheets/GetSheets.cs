using System.Text.Json;
using System.Text.Json.Nodes;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Sheets;

/// <summary>A row that was refused.</summary>
/// <param name="Line">Where it begins in the document, from 1.</param>
/// <param name="Faults">All that is wrong with it.</param>
public sealed record FaultyRow(int Line, IReadOnlyList<Fault> Faults);

/// <summary>A part of a sheet's rows, in the order of their lines.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Next">The line to send as <c>after</c> for the next part; null on the last.</param>
public sealed record RowsOf<T>(IReadOnlyList<T> Items, int? Next);

/// <summary><c>GET /api/v1/sheets</c>, <c>/sheets/{id}</c>, its statement, rows and faults: for the organisation's coordinators.</summary>
public static class GetSheetsEndpoint
{
    internal const int MostRows = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sheets", List)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Attendance sheets of your organisations, latest first");
        routes.MapGet("/sheets/{id:guid}", Detail).RequireAuthorization(Policies.Coordinator).WithSummary("An attendance sheet");
        routes.MapGet("/sheets/{id:guid}/statement", Statement).RequireAuthorization(Policies.Coordinator)
            .Produces<JsonObject>()
            .WithSummary("The canonical bytes to sign; 409 until everybody in the sheet has been identified");
        routes.MapGet("/sheets/{id:guid}/faults", Faults)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Rows that were refused, by line, field and rule");
        routes.MapGet("/sheets/{id:guid}/rows", Rows)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Rows that were accepted, as they are signed; one whose person is not identified yet has the nil UUID and the person's number");
        routes.MapGet("/sheets/{id:guid}/history", Changes)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Every change to an attendance sheet, with date and author");
    }

    private static async Task<Ok<Page<Sheet>>> List(
        Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct, Guid? organisationId = null,
        string? after = null, [PageSize] int? limit = null)
    {
        var own = (await session.CoordinatedByAsync(caller, clock.GetUtcNow(), ct)).Where(id => organisationId is null || id == organisationId).ToArray();
        var size = Cursor.Limit(limit);
        var sheets = session.Query<Sheet>().Where(sheet => own.Contains(sheet.OrganisationId));
        if (Cursor.Parse(after) is { } cursor)
        {
            sheets = sheets.Where(sheet => sheet.ReceivedAt < cursor.At || (sheet.ReceivedAt == cursor.At && sheet.Id.CompareTo(cursor.Id) < 0));
        }

        var rows = await sheets.OrderByDescending(sheet => sheet.ReceivedAt).ThenByDescending(sheet => sheet.Id).Take(size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(rows, size, sheet => new Cursor(sheet.ReceivedAt, sheet.Id)));
    }

    private static async Task<Results<Ok<Sheet>, NotFound>> Detail(
        Guid id, Caller caller, HttpContext http, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await CoordinatorsSheet.FindAsync(session, id, caller, clock.GetUtcNow(), ct) is not { Sheet: var sheet })
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, sheet.Version);
        return TypedResults.Ok(sheet);
    }

    private static async Task<Results<FileContentHttpResult, NotFound, ProblemHttpResult>> Statement(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct, Guid? supersedes = null) =>
        await CoordinatorsSheet.FindAsync(session, id, caller, clock.GetUtcNow(), ct) is not { } found ? TypedResults.NotFound()
        : found.Sheet.Unresolved > 0 ? CoordinatorsSheet.PeopleUnresolved.ToProblem()
        : TypedResults.Bytes(found.Sheet.Statement(await session.MatchingRuleOfAsync(found.Organisation.Id, ct), supersedes), "application/json");

    private static async Task<Results<Ok<IReadOnlyList<Change>>, NotFound>> Changes(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct) =>
        await CoordinatorsSheet.FindAsync(session, id, caller, clock.GetUtcNow(), ct) is null
            ? TypedResults.NotFound()
            : TypedResults.Ok(await session.HistoryAsync(id, ct));

    private static Task<Results<Ok<RowsOf<FaultyRow>>, NotFound>> Faults(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, NpgsqlDataSource database, CancellationToken ct,
        int after = 0, [PageSize(MostRows)] int? limit = null) =>
        ReadAsync(
            id, caller, session, clock, database,
            "select line, faults from sheet_rows where rows_id = $1 and line > $2 and faults is not null order by line limit $3", after, limit,
            row => new FaultyRow(row.GetInt32(0), JsonSerializer.Deserialize<List<Fault>>(row.GetString(1), Json.Options)!), row => row.Line, ct);

    private static Task<Results<Ok<RowsOf<JsonElement>>, NotFound>> Rows(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, NpgsqlDataSource database, CancellationToken ct,
        int after = 0, [PageSize(MostRows)] int? limit = null) =>
        ReadAsync(
            id, caller, session, clock, database,
            "select record, case when volunteer_id is null then person end from sheet_rows where rows_id = $1 and line > $2 and record is not null "
                + "order by line limit $3",
            after, limit, Row, row => row.GetProperty("line").GetInt32(), ct);

    private static JsonElement Row(NpgsqlDataReader row)
    {
        var record = JsonSerializer.Deserialize<JsonElement>(row.GetString(0));
        if (row.IsDBNull(1))
        {
            return record;
        }

        var unresolved = JsonObject.Create(record)!;
        unresolved["person"] = row.GetInt32(1);
        return JsonSerializer.SerializeToElement(unresolved);
    }

    internal static async Task<Results<Ok<RowsOf<T>>, NotFound>> ReadAsync<T>(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, NpgsqlDataSource database, string sql, int after, int? limit,
        Func<NpgsqlDataReader, T> read, Func<T, int> line, CancellationToken ct)
    {
        if (await CoordinatorsSheet.FindAsync(session, id, caller, clock.GetUtcNow(), ct) is not { Sheet: var sheet })
        {
            return TypedResults.NotFound();
        }

        var size = limit ?? 100;
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = sheet.RowsId });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = size + 1 });
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        return TypedResults.Ok(rows.Count > size ? new RowsOf<T>([.. rows.Take(size)], line(rows[size - 1])) : new RowsOf<T>(rows, null));
    }
}
