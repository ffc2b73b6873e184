using System.Text;
using Marten;
using Npgsql;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Matching;

/// <summary>Looks cases up in the signed attendance sheets of their organisations.</summary>
internal static class FindMatches
{
    // A row lasts a day at most, and so does a shift: what may decide which row evidences a shift, a row beside it or another claim to it, lies within two
    // days. Of a volunteer's rows and shifts there are few at a time; each sheet is one of the case's organisation, and was signed.
    private const string RowsAroundTheTime =
        """
        select distinct shift.organisation_id, sheet.id, row.rows_id, row.line, row.record
        from case_shifts shift
        join sheet_rows row on row.volunteer_id = shift.volunteer_id and row.starts_at < shift.ends_at + interval '2 days'
            and row.starts_at > shift.starts_at - interval '3 days'
        join mt_doc_sheet sheet on sheet.rows_id = row.rows_id and sheet.status in ('Signed', 'Superseded')
            and sheet.data ->> 'organisationId' = shift.organisation_id::text
        where shift.case_id = any($1)
        """;

    private const string ClaimsAroundTheTime =
        """
        select distinct other.case_id
        from case_shifts shift
        join case_shifts other on other.volunteer_id = shift.volunteer_id and other.organisation_id = shift.organisation_id
            and other.starts_at < shift.ends_at + interval '2 days' and other.starts_at > shift.starts_at - interval '3 days'
        join mt_doc_case claim on claim.id = other.case_id and claim.status in ('Open', 'Confirmed', 'Settled', 'Revoked')
        where shift.case_id = any($1)
        """;

    /// <summary>What the sheets say to each of the cases.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Match>> MatchesAsync(
        this IQuerySession session, NpgsqlDataSource database, IReadOnlyCollection<Case> cases, CancellationToken ct)
    {
        var assignments = await session.AssignmentsAsync(database, cases, ct);
        return cases.ToDictionary(found => found.Id, found => assignments[found.Id].MatchOf(found.Id));
    }

    /// <summary>By case which row evidences which shift, over all that its volunteer claims of the organisation around that time.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Assignment>> AssignmentsAsync(
        this IQuerySession session, NpgsqlDataSource database, IReadOnlyCollection<Case> cases, CancellationToken ct)
    {
        var rows = await session.RowsAsync(database, cases, ct);
        var known = cases.ToDictionary(found => found.Id);
        var others = await ClaimsAsync(
            database, [.. cases.Where(found => rows.Contains((found.OrganisationId, found.VolunteerId))).Select(found => found.Id)], ct);
        foreach (var claim in await session.LoadManyAsync<Case>(ct, others.Where(id => !known.ContainsKey(id))))
        {
            known.Add(claim.Id, claim);
        }

        // Once for a volunteer and an organisation, however many of the cases are theirs.
        var counting = known.Values.GroupBy(claim => (claim.OrganisationId, claim.VolunteerId))
            .ToDictionary(of => of.Key, of => Assignment.Of(Counting(of), Doubting(rows[of.Key], of)));
        return cases.ToDictionary(
            found => found.Id,
            found => counting[(found.OrganisationId, found.VolunteerId)] is var theirs && theirs.Knows(found.Id) ? theirs : theirs.And(ClaimOf(found)));
    }

    // Of an entry what waits, and what was confirmed last.
    private static IEnumerable<Claim> Counting(IEnumerable<Case> claims) =>
        from claim in claims
        group claim by claim.EntryId into entry
        let standing = entry.Where(claim => claim.Status is CaseStatus.Confirmed or CaseStatus.Settled).MaxBy(claim => claim.Revision)
        from claim in entry
        where claim.Status == CaseStatus.Open || claim == standing
        select ClaimOf(claim);

    // Until a sheet that is signed later says it again, or the case that the volunteer submitted again is confirmed. A sheet that took the place of
    // another took back only what that one said.
    private static IEnumerable<KnownRow> Doubting(IEnumerable<(KnownRow Row, Sheet Sheet)> rows, IEnumerable<Case> claims)
    {
        var takenBack = claims.GroupBy(claim => claim.EntryId).Select(entry =>
            entry.Where(claim => claim.Status is CaseStatus.Confirmed or CaseStatus.Settled or CaseStatus.Revoked).MaxBy(claim => claim.Revision))
            .Where(last => last is { Status: CaseStatus.Revoked }).ToList();
        return rows.Select(known => known.Row with
        {
            IsTakenBack = takenBack.Exists(claim => claim!.Revocation!.At > known.Sheet.SignedAt
                && claim.Revocation.Signature != known.Sheet.Signature && claim.StandingFacts().Shifts.Any(known.Row.Meets)),
        });
    }

    private static Claim ClaimOf(Case claim) =>
        new(
            claim.Id, claim.EntryId, claim.StandingFacts(), claim.OpenedAt,
            claim.Status is CaseStatus.Confirmed or CaseStatus.Settled && !claim.RestsOnDocument());

    private static async Task<IReadOnlyList<Guid>> ClaimsAsync(NpgsqlDataSource database, Guid[] cases, CancellationToken ct)
    {
        var claims = new List<Guid>();
        if (cases.Length > 0)
        {
            await using var command = database.CreateCommand(ClaimsAroundTheTime);
            command.Parameters.Add(new() { Value = cases });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                claims.Add(reader.GetGuid(0));
            }
        }

        return claims;
    }

    // Who takes a sheet away says nothing of their own hours by that: for them it stands until somebody else does.
    private static bool Stands(Dictionary<Guid, Sheet> sheets, Guid id, Guid volunteer)
    {
        while (sheets[id].SupersededBy is { } later)
        {
            if (!sheets[later].IsOwnOf(volunteer))
            {
                return false;
            }

            id = later;
        }

        return true;
    }

    /// <summary>The rows of signed sheets around the time of the cases, by organisation and volunteer.</summary>
    private static async Task<ILookup<(Guid OrganisationId, Guid VolunteerId), (KnownRow Row, Sheet Sheet)>> RowsAsync(
        this IQuerySession session, NpgsqlDataSource database, IReadOnlyCollection<Case> cases, CancellationToken ct)
    {
        var read = new List<(Guid OrganisationId, Guid SheetId, AttendanceRow Row)>();
        await using (var command = database.CreateCommand(RowsAroundTheTime))
        {
            command.Parameters.Add(new() { Value = cases.Select(found => found.Id).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                read.Add((reader.GetGuid(0), reader.GetGuid(1), AttendanceRow.Read(Encoding.UTF8.GetBytes(reader.GetString(4)))
                    ?? throw new InvalidDataException($"Line {reader.GetInt32(3)} of the rows {reader.GetGuid(2)} is not a record of attendance.")));
            }
        }

        var sheets = new Dictionary<Guid, Sheet>();
        for (var wanted = read.Select(row => row.SheetId).ToHashSet(); wanted.Count > 0;)
        {
            foreach (var sheet in await session.LoadManyAsync<Sheet>(ct, wanted))
            {
                sheets.Add(sheet.Id, sheet);
            }

            wanted = [.. sheets.Values.Select(sheet => sheet.SupersededBy).OfType<Guid>().Where(id => !sheets.ContainsKey(id))];
        }

        read.RemoveAll(row => !Stands(sheets, row.SheetId, row.Row.VolunteerId));
        var within = new Dictionary<Guid, int>();
        foreach (var organisation in read.Select(row => row.OrganisationId).Distinct())
        {
            within[organisation] = (await session.MatchingRuleOfAsync(organisation, ct)).WithinMinutes;
        }

        return read.ToLookup(
            row => (row.OrganisationId, row.Row.VolunteerId),
            row => (new KnownRow(
                row.SheetId, sheets[row.SheetId].ConfirmsWithin ?? within[row.OrganisationId], row.Row,
                sheets[row.SheetId].IsOwnOf(row.Row.VolunteerId)), sheets[row.SheetId]));
    }
}
