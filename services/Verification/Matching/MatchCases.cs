using JasperFx;
using JasperFx.Events;
using Marten;
using Npgsql;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Matching;

/// <summary>
/// Matches by itself (F11): a case that opens against the sheets that are signed, a sheet that is signed against the cases that are open. It reads the
/// log in order, so no pair of the two is passed over; where a case ends, those that claim the same rows are looked at again. Where the sheet confirms by
/// itself, its signature is the evidence and the case is confirmed; where it does not, the case bears that it was found. What it appends it would not append
/// twice: a page that is repeated after a crash changes nothing.
/// </summary>
internal sealed class MatchCases(NpgsqlDataSource database, TimeProvider clock) : IReadLog
{
    private const int PageSize = 500;

    // For the volunteer to read, as a coordinator would have written it.
    private const string SupersededReason = "Ведомость, по которой это было подтверждено, организация заменила другой, и по той подтвердить этого нельзя.";

    // The sheet that was needed last: one that is signed over many cases is needed again and again.
    private (Guid RowsId, Lines Lines)? last;

    public string Name => "match-cases";

    public IReadOnlyCollection<Type> Wants { get; } =
        [typeof(CaseOpened), typeof(SheetSigned), typeof(CaseCancelled), typeof(CaseRejected), typeof(CaseReturned), typeof(ConfirmationRevoked)];

    public bool ActsByItself => true;

    public void Saved()
    {
        // Nobody waits for it.
    }

    // Each decision is saved by itself: one that loses a race is taken again.
    public async Task HandleAsync(IReadOnlyList<IEvent> events, IDocumentSession session, CancellationToken ct)
    {
        var store = session.DocumentStore;
        var opened = new List<IEvent>();
        foreach (var stored in events)
        {
            if (stored.Data is CaseOpened)
            {
                opened.Add(stored);
                continue;
            }

            await MatchAsync(store, [.. opened.Select(e => e.StreamId)], stored, ct);
            opened.Clear();
            await (stored.Data is SheetSigned signed ? MatchAgainstAsync(store, stored, signed, ct) : MatchOthersAsync(store, stored, ct));
        }

        if (opened is [.., var cause])
        {
            await MatchAsync(store, [.. opened.Select(e => e.StreamId)], cause, ct);
        }
    }

    /// <summary>
    /// The cases that a sheet which was signed says something to, or those said whose place it takes: for who superseded one themselves it stood until now.
    /// </summary>
    private Task MatchAgainstAsync(IDocumentStore store, IEvent cause, SheetSigned signed, CancellationToken ct) => MatchThoseAsync(
        store, cause,
        """
        with recursive concerned (id) as (
            select unnest($1)
            union
            select earlier.id from mt_doc_sheet earlier
                join concerned on earlier.status = 'Superseded' and (earlier.data ->> 'supersededBy')::uuid = concerned.id)
        select distinct shift.case_id
        from mt_doc_sheet sheet
        join sheet_rows row on row.rows_id = sheet.rows_id
        join case_shifts shift on shift.volunteer_id = row.volunteer_id and shift.starts_at < row.ends_at + interval '2 hours'
            and shift.ends_at > row.starts_at - interval '2 hours'
            and shift.organisation_id::text = sheet.data ->> 'organisationId'
        where sheet.id in (select id from concerned)
        """,
        signed.Supersedes is { } earlier ? [cause.StreamId, earlier] : [cause.StreamId], ct);

    /// <summary>The cases that claim the rows which a case no longer does.</summary>
    private Task MatchOthersAsync(IDocumentStore store, IEvent cause, CancellationToken ct) => MatchThoseAsync(
        store, cause,
        """
        select distinct other.case_id
        from case_shifts shift
        join case_shifts other on other.volunteer_id = shift.volunteer_id and other.organisation_id = shift.organisation_id and other.case_id <> shift.case_id
            and other.starts_at < shift.ends_at + interval '2 hours' and other.ends_at > shift.starts_at - interval '2 hours'
        where shift.case_id = any($1)
        """,
        [cause.StreamId], ct);

    private async Task MatchThoseAsync(IDocumentStore store, IEvent cause, string sql, Guid[] ids, CancellationToken ct)
    {
        var cases = new List<Guid>();
        await using (var command = database.CreateCommand(sql))
        {
            command.Parameters.Add(new() { Value = ids });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                cases.Add(reader.GetGuid(0));
            }
        }

        foreach (var page in cases.Chunk(PageSize))
        {
            await MatchAsync(store, page, cause, ct);
        }
    }

    private async Task MatchAsync(IDocumentStore store, Guid[] ids, IEvent cause, CancellationToken ct)
    {
        if (ids.Length == 0)
        {
            return;
        }

        try
        {
            while (ids.Length > 0)
            {
                ids = await TryMatchAsync(store, ids, cause, ct);
            }
        }
        catch (ConcurrencyException) when (ids.Length > 1)
        {
            // Somebody decided one of them meanwhile.
            foreach (var id in ids)
            {
                await MatchAsync(store, [id], cause, ct);
            }
        }
        catch (ConcurrencyException)
        {
            await TryMatchAsync(store, ids, cause, ct);
        }
    }

    /// <summary>Matches one case of each entry, the earliest: what happens to it may change the next one. Gives those that are left.</summary>
    private async Task<Guid[]> TryMatchAsync(IDocumentStore store, Guid[] ids, IEvent cause, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        session.Because(cause);
        // What is confirmed is looked at too: a sheet may have contradicted it since, which the queue's filter shows, or have
        // taken the place of the one that it rests on.
        var all = (await session.LoadManyAsync<Case>(ct, ids)).Where(found => found.Status is CaseStatus.Open or CaseStatus.Confirmed).ToList();
        var cases = all.OrderBy(found => found.Revision).DistinctBy(found => found.EntryId).ToList();
        Guid[] left = [.. all.Except(cases).Select(found => found.Id)];
        var assignments = await session.AssignmentsAsync(database, cases, ct);
        var kinds = cases.ToDictionary(found => found.Id, found => assignments[found.Id].MatchOf(found.Id).Kind);
        if (cause.Data is CaseOpened && kinds.Values.All(kind => kind == MatchKind.Unknown))
        {
            return left;
        }

        session.QueueSqlCommand(
            "insert into case_matches (case_id, kind) select * from unnest(?::uuid[], ?::text[]) on conflict (case_id) do update set kind = excluded.kind",
            kinds.Keys.ToArray(), kinds.Values.Select(kind => kind.ToString()).ToArray());
        var now = clock.GetUtcNow();
        var sheets = await session.LoadManyAsync<Sheet>(
            ct, cases.Where(found => kinds[found.Id] == MatchKind.Exact).SelectMany(found => assignments[found.Id].Sheets).Distinct());
        var rules = (await session.LoadManyAsync<ConfirmationRules>(ct, cases.Select(found => ConfirmationRules.IdOf(found.OrganisationId)).Distinct()))
            .ToDictionary(rule => rule.OrganisationId);
        // A document from before confirms nothing new for it; what it says is seen, and decided on once the suspension is lifted.
        var suspended = (await session.LoadManyAsync<Organisation>(ct, cases.Select(found => found.OrganisationId).Distinct()))
            .Where(organisation => organisation.SuspendedAt is not null).Select(organisation => organisation.Id).ToHashSet();
        var superseded = cause.Data is SheetSigned { Supersedes: { } earlier } ? await session.LoadAsync<Sheet>(earlier, ct) : null;
        foreach (var found in cases)
        {
            var evidence = Evidence(found, assignments[found.Id], sheets);
            object? happens = found.Status == CaseStatus.Confirmed
                ? superseded is not null && evidence is null && found.RestsOnDocument() && found.Signature == superseded.Signature
                    ? await TakenBackAsync(session, found, cause, now, ct)
                    : null
                : evidence is var (sheet, lines) && !suspended.Contains(found.OrganisationId)
                    ? await ConfirmedAsync(found, rules.GetValueOrDefault(found.OrganisationId), sheet, lines, now, ct)
                : kinds[found.Id] == MatchKind.Exact && found.MatchedAt is null ? new CaseMatched(found.EntryId, found.Revision, found.OrganisationId, now)
                : null;
            if (happens is not null)
            {
                session.Events.Append(found.Id, found.Version + 1, happens);
            }
        }

        await session.SaveChangesAsync(ct);
        return left;
    }

    /// <summary>
    /// The sheet that confirms by itself and evidences the whole case alone, with its rows; null where there is none, or the work is not over.
    /// </summary>
    private static (Sheet Sheet, IReadOnlyList<AttendanceRow> Rows)? Evidence(Case found, Assignment assignment, IEnumerable<Sheet> sheets) =>
        (from sheet in sheets
         where sheet.OrganisationId == found.OrganisationId && sheet.ConfirmsWithin is not null
         orderby sheet.SignedAt, sheet.Id
         let rows = assignment.Alone(found.Id, sheet.Id)
         where rows is not null
         select ((Sheet, IReadOnlyList<AttendanceRow>)?)(sheet, rows)).FirstOrDefault();

    private async Task<CaseConfirmed?> ConfirmedAsync(
        Case found, ConfirmationRules? rules, Sheet sheet, IReadOnlyList<AttendanceRow> rows, DateTimeOffset now, CancellationToken ct)
    {
        if (CoordinatorsCase.Unconfirmable(found.Facts(), now) is not null)
        {
            return null;
        }

        var lines = await LinesAsync(sheet.RowsId, ct);
        return new CaseConfirmed(
            found.EntryId, found.Revision, found.OrganisationId, sheet.Kid, sheet.Signature, now, rules?.Points?.PointsFor(found.Facts()) ?? 0, sheet.Key,
            [.. rows.Select(lines.Line)], Statement: sheet.Signed);
    }

    /// <summary>What a superseded sheet confirmed by itself and no other one does; null where a later confirmation took its place.</summary>
    private static async Task<ConfirmationRevoked?> TakenBackAsync(IDocumentSession session, Case found, IEvent cause, DateTimeOffset now, CancellationToken ct)
    {
        var later = await RevokeConfirmationEndpoint.LaterAsync(session, found, ct);
        if (RevokeConfirmationEndpoint.IsSuperseded(later))
        {
            return null;
        }

        var signed = (SheetSigned)cause.Data;
        await RevokeConfirmationEndpoint.MarkAsync(session, found, later, now, ct);
        return new ConfirmationRevoked(found.EntryId, found.Revision, found.OrganisationId, SupersededReason, signed.Kid, signed.Signature, now);
    }

    private async Task<Lines> LinesAsync(Guid rowsId, CancellationToken ct)
    {
        if (last is not { } kept || kept.RowsId != rowsId)
        {
            kept = (rowsId, await Lines.ReadAsync(database, rowsId, ct));
            last = kept;
        }

        return kept.Lines;
    }

    /// <summary>The lines of a sheet as the tree that was signed.</summary>
    private sealed class Lines(MerkleList tree, IReadOnlyDictionary<int, int> places)
    {
        public static async Task<Lines> ReadAsync(NpgsqlDataSource database, Guid rowsId, CancellationToken ct)
        {
            var hashes = new List<byte[]>();
            var places = new Dictionary<int, int>();
            // The leaf's hash (RFC 6962, 2.1), where the record is.
            await using var command = database.CreateCommand(
                "select line, sha256('\\x00'::bytea || convert_to(record, 'UTF8')) from sheet_rows where rows_id = $1 and record is not null order by line");
            command.Parameters.Add(new() { Value = rowsId });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                places.Add(reader.GetInt32(0), hashes.Count);
                hashes.Add(reader.GetFieldValue<byte[]>(1));
            }

            return new Lines(new MerkleList(hashes), places);
        }

        public SignedLine Line(AttendanceRow row) => tree.Line(places[row.Line], row.Record());
    }
}
