using System.Text;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// <c>POST /api/v1/sheets/{id}/people</c>: the organisation says who the people are that its document names otherwise than by their code; some of them now, the
/// others later. Until the sheet is signed it may be said anew.
/// </summary>
/// <param name="People">By their numbers within the document, at most 1,000 at a time. Without a volunteer their rows are left out.</param>
public sealed record ResolvePeople(IReadOnlyList<SheetPerson> People);

/// <summary>
/// Somebody whom a document names otherwise than by their code; how, Profiles tells (<c>GET /api/v1/organisations/{id}/people-lists/{peopleId}</c>).
/// </summary>
/// <param name="Person">Their number within the document.</param>
/// <param name="Line">Their first row.</param>
/// <param name="Rows">How many rows are theirs.</param>
/// <param name="VolunteerId">Who it was said to be; null where it was not said.</param>
public sealed record PersonOfSheet(int Person, int Line, int Rows, Guid? VolunteerId);

public static class ResolvePeopleEndpoint
{
    private const int MostAtOnce = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sheets/{id:guid}/people", List)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("People whom an attendance sheet names without their code");
        routes.MapPost("/sheets/{id:guid}/people", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Say who the people in an attendance sheet are")
            .WithExample(new ResolvePeople([new SheetPerson(1, new Guid("019a0000-0000-7000-8000-000000000001")), new SheetPerson(2, null)]));
    }

    private static async Task<Results<Ok<RowsOf<PersonOfSheet>>, NotFound>> List(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, NpgsqlDataSource database,
        CancellationToken ct, int after = 0, [PageSize(GetSheetsEndpoint.MostRows)] int? limit = null, bool unresolved = false) =>
        await GetSheetsEndpoint.ReadAsync(
            id, caller, session, clock, database,
            $"""
            select person, min(line), count(*)::int, min(volunteer_id::text)::uuid from sheet_rows
            where rows_id = $1 and person > $2 {(unresolved ? "and record is not null and volunteer_id is null" : "")} group by person order by person limit $3
            """,
            after, limit, row => new PersonOfSheet(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.IsDBNull(3) ? null : row.GetGuid(3)),
            person => person.Person, ct);

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ResolvePeople command, ExpectedVersion expected, Caller caller,
        HttpContext http, OneTransaction transaction, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var session = await transaction.AloneWithAsync(id, ct);
        return await CoordinatorsSheet.ChangeAsync(id, expected, caller, http, session, now, async (sheet, _) =>
        {
            if (Check(sheet, command) is { } refusal)
            {
                return refusal;
            }

            var connection = await transaction.ConnectionAsync(ct);
            if (await UnknownAsync(connection, sheet.RowsId, command.People, ct))
            {
                return Refusal.Invalid("unknown-person", "people", "Each number must be that of a person in the sheet.");
            }

            await ResolveAsync(connection, sheet.RowsId, command.People, ct);
            var rest = await CountAsync(connection, sheet.RowsId, ct);
            return Decision.Append(new SheetPeopleResolved(
                command.People, rest.Unresolved, rest.Rows, sheet.Rows + sheet.Faulty - rest.Rows, rest.Root, rest.From, rest.To, now));
        }, ct);
    }

    /// <summary>Pure: what is wrong with it, if anything.</summary>
    public static Refusal? Check(Sheet sheet, ResolvePeople command) =>
        command.People is not { Count: > 0 and <= MostAtOnce } || command.People.DistinctBy(person => person.Person).Count() < command.People.Count
            ? Refusal.Invalid("people-out-of-range", "people", $"Give 1 to {MostAtOnce} people, each once.")
        : sheet.Status != SheetStatus.Received ? CoordinatorsSheet.NotOpen
        : null;

    private static async Task<bool> UnknownAsync(NpgsqlConnection connection, Guid rows, IReadOnlyList<SheetPerson> people, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select count(distinct person) from sheet_rows where rows_id = $1 and person = any($2)", connection);
        command.Parameters.Add(new() { Value = rows });
        command.Parameters.Add(new() { Value = people.Select(person => person.Person).ToArray() });
        return (long)(await command.ExecuteScalarAsync(ct))! < people.Count;
    }

    // The record is canonical JSON: within its texts the quotation marks are escaped, so that nothing but the member itself can be met. Who is
    // left out keeps the row, to be said anew.
    private static async Task ResolveAsync(NpgsqlConnection connection, Guid rows, IReadOnlyList<SheetPerson> people, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            """
            update sheet_rows row set
                volunteer_id = said.volunteer,
                record = regexp_replace(coalesce(row.record, row.left_out), '"volunteerId":"[0-9a-f-]{36}"', '"volunteerId":"' || said.volunteer || '"'),
                left_out = case when said.volunteer is null then coalesce(row.record, row.left_out) end,
                faults = case when said.volunteer is null then $4::jsonb end
            from unnest($2::int[], $3::uuid[]) said (person, volunteer) where row.rows_id = $1 and row.person = said.person
            """, connection);
        command.Parameters.Add(new() { Value = rows });
        command.Parameters.Add(new() { Value = people.Select(person => person.Person).ToArray() });
        command.Parameters.Add(new() { Value = people.Select(person => person.VolunteerId).ToArray() });
        command.Parameters.Add(new()
        {
            Value = System.Text.Json.JsonSerializer.Serialize<Fault[]>([new("name", "left-out", "The organisation left this person out.")], Json.Options),
        });
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<(int Rows, int Unresolved, string Root, DateOnly? From, DateOnly? To)> CountAsync(
        NpgsqlConnection connection, Guid rows, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select record, volunteer_id is null, person, substring(record from '\"start\":\"(\\d{4}-\\d\\d-\\d\\d)T') from sheet_rows where rows_id = $1 "
                + "and record is not null order by line", connection);
        command.Parameters.Add(new() { Value = rows });
        var (count, tree, unresolved) = (0, new TreeEdge(), new HashSet<int>());
        DateOnly? from = null, to = null;
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            count++;
            tree.Append(MerkleTree.Leaf(Encoding.UTF8.GetBytes(reader.GetString(0))));
            if (reader.GetBoolean(1))
            {
                unresolved.Add(reader.GetInt32(2));
            }

            var day = DateOnly.ParseExact(reader.GetString(3), "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            (from, to) = (from < day ? from : day, to > day ? to : day);
        }

        return (count, unresolved.Count, Convert.ToHexStringLower(tree.Root), from, to);
    }
}
