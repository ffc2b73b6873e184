using System.Text;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Matching;

/// <summary>Work that an organisation has put down in a signed attendance sheet, and the volunteer not yet into the book.</summary>
/// <param name="SheetId">The sheet.</param>
/// <param name="Line">The row's line.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Organisation">Its name.</param>
/// <param name="Shift">When and for how long.</param>
/// <param name="Project">Project or event, where the sheet says it.</param>
/// <param name="TaskType">ICNP/TSO code, where the sheet says it.</param>
/// <param name="Region">ISO 3166-2 code, where the sheet says it.</param>
/// <param name="Level">Responsibility, where the sheet says it.</param>
public sealed record ProposedEntry(
    Guid SheetId, int Line, Guid OrganisationId, string Organisation, Shift Shift,
    string? Project, string? TaskType, string? Region, ResponsibilityLevel? Level);

/// <summary>
/// <c>GET /api/v1/proposals</c>: the rows about oneself that no entry claims, the latest work first; at most 500. Who logs and submits such an entry
/// (<c>POST /api/v1/entries</c>) has it found in the sheet at once.
/// </summary>
public static class GetProposalsEndpoint
{
    public const int Most = 500;

    // A row is claimed while a case of the volunteer's at that time is there: one that waits, was decided, or is disputed. A withdrawn one claims nothing.
    internal const string Unclaimed =
        """
        row.record is not null and (row.record::jsonb ->> 'attended')::boolean and not exists (
            select from case_shifts shift join mt_doc_case claim on claim.id = shift.case_id and claim.status <> 'Cancelled'
            where shift.volunteer_id = row.volunteer_id and shift.organisation_id::text = sheet.data ->> 'organisationId'
              and shift.starts_at < row.ends_at and shift.ends_at > row.starts_at)
        """;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/proposals", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Work in signed attendance sheets that is not in your book yet");

    private static async Task<Ok<IReadOnlyList<ProposedEntry>>> Handle(Caller caller, IQuerySession session, NpgsqlDataSource database, CancellationToken ct)
    {
        var rows = new List<(Guid SheetId, Guid OrganisationId, AttendanceRow Row)>();
        await using (var command = database.CreateCommand(
            $"""
            select sheet.id, (sheet.data ->> 'organisationId')::uuid, row.record
            from sheet_rows row join mt_doc_sheet sheet on sheet.rows_id = row.rows_id and sheet.status = 'Signed'
            where row.volunteer_id = $1 and {Unclaimed}
              and not exists (select from mt_doc_proposal declined where declined.sheet_id = sheet.id and declined.line = row.line)
            order by row.starts_at desc, sheet.id, row.line limit $2
            """))
        {
            command.Parameters.Add(new() { Value = caller.Id });
            command.Parameters.Add(new() { Value = Most });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                rows.Add((reader.GetGuid(0), reader.GetGuid(1), AttendanceRow.Read(Encoding.UTF8.GetBytes(reader.GetString(2)))!));
            }
        }

        var names = (await session.LoadManyAsync<Organisation>(ct, rows.Select(row => row.OrganisationId).Distinct()))
            .ToDictionary(organisation => organisation.Id, organisation => organisation.Name);
        return TypedResults.Ok<IReadOnlyList<ProposedEntry>>(
        [
            .. rows.Select(row => new ProposedEntry(
                row.SheetId, row.Row.Line, row.OrganisationId, names.GetValueOrDefault(row.OrganisationId, ""), row.Row.Shift, row.Row.Project,
                row.Row.TaskType, row.Row.Region, row.Row.Level)),
        ]);
    }
}
