using System.Text;
using Marten;
using Npgsql;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Matching;

/// <summary>Looks cases up in the signed attendance documents of their organisations.</summary>
internal static class FindMatches
{
    // Of a volunteer's rows and shifts there are few at a time; each document is one of the case's organisation, and signed.
    private const string RowsAtTheTime =
        """
        select distinct shift.case_id, sheet.id, row.rows_id, row.line, row.record
        from case_shifts shift
        join sheet_rows row on row.volunteer_id = shift.volunteer_id and row.starts_at < shift.ends_at and row.ends_at > shift.starts_at
        join mt_doc_sheet sheet on sheet.rows_id = row.rows_id and sheet.status = 'Signed' and sheet.data ->> 'organisationId' = shift.organisation_id::text
        where shift.case_id = any($1)
        order by shift.case_id, row.rows_id, row.line
        """;

    /// <summary>What the documents say to each of the cases.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Match>> MatchesAsync(this IQuerySession session, NpgsqlDataSource database, IReadOnlyCollection<Case> cases, CancellationToken ct)
    {
        var rows = await session.RowsAsync(database, cases, ct);
        return cases.ToDictionary(found => found.Id, found => Match.Of(found.Facts(), [.. rows[found.Id]]));
    }

    /// <summary>The rows of signed documents at the time of each case.</summary>
    public static async Task<ILookup<Guid, KnownRow>> RowsAsync(this IQuerySession session, NpgsqlDataSource database, IReadOnlyCollection<Case> cases, CancellationToken ct)
    {
        var read = new List<(Guid CaseId, Guid SheetId, Guid RowsId, AttendanceRow Row)>();
        await using (var command = database.CreateCommand(RowsAtTheTime))
        {
            command.Parameters.Add(new() { Value = cases.Select(found => found.Id).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                read.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2), AttendanceRow.Read(Encoding.UTF8.GetBytes(reader.GetString(4)))
                    ?? throw new InvalidDataException($"Line {reader.GetInt32(3)} of the rows {reader.GetGuid(2)} is no record of attendance.")));
            }
        }

        var sheets = (await session.LoadManyAsync<Sheet>(ct, read.Select(row => row.SheetId).Distinct())).ToDictionary(sheet => sheet.Id);
        var within = new Dictionary<Guid, int>();
        foreach (var organisation in sheets.Values.Select(sheet => sheet.OrganisationId).Distinct())
        {
            within[organisation] = (await session.MatchingRuleOfAsync(organisation, ct)).WithinMinutes;
        }

        return read.ToLookup(row => row.CaseId, row => new KnownRow(row.SheetId, row.RowsId, sheets[row.SheetId].ConfirmsWithin ?? within[sheets[row.SheetId].OrganisationId], row.Row));
    }
}
