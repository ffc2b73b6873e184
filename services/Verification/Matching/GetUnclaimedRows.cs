using System.Text.Json;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Matching;

/// <summary>A row of a signed sheet that no volunteer claims.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Record">The row as it was signed.</param>
/// <param name="Declined">What the volunteer said who does not claim it; null where there is no answer.</param>
public sealed record UnclaimedRow(int Line, JsonElement Record, string? Declined);

/// <summary><c>GET /api/v1/sheets/{id}/unclaimed</c>: the rows that no entry claims; each is a proposal to its volunteer.</summary>
public static class GetUnclaimedRowsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/sheets/{id:guid}/unclaimed", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Rows of an attendance sheet that no entry claims");

    private static async Task<Results<Ok<RowsOf<UnclaimedRow>>, NotFound>> Handle(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, NpgsqlDataSource database, CancellationToken ct,
        int after = 0, [PageSize] int? limit = null)
    {
        if (await CoordinatorsSheet.FindAsync(session, id, caller, clock.GetUtcNow(), ct) is null)
        {
            return TypedResults.NotFound();
        }

        var size = Cursor.Limit(limit);
        await using var command = database.CreateCommand(
            $"""
            select row.line, row.record, declined.data ->> 'reason'
            from mt_doc_sheet sheet join sheet_rows row on row.rows_id = sheet.rows_id
            left join mt_doc_proposal declined on declined.sheet_id = sheet.id and declined.line = row.line
            where sheet.id = $1 and sheet.status = 'Signed' and row.line > $2 and {GetProposalsEndpoint.Unclaimed}
            order by row.line limit $3
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = size + 1 });
        var rows = new List<UnclaimedRow>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            rows.Add(new UnclaimedRow(
                reader.GetInt32(0),
                JsonSerializer.Deserialize<JsonElement>(reader.GetString(1)),
                await reader.IsDBNullAsync(2, ct) ? null : reader.GetString(2)));
        }

        return TypedResults.Ok(rows.Count > size ? new RowsOf<UnclaimedRow>([.. rows.Take(size)], rows[size - 1].Line) : new RowsOf<UnclaimedRow>(rows, null));
    }
}
