using JasperFx;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using Npgsql;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.Evidence.Transparency;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Matching;

/// <summary>
/// Matches by itself (F11): a case that opens against the documents that are signed, a document that is signed against the cases that are open. It reads the log in order, so no pair
/// of the two is passed over. Where the document confirms by itself, its signature is the evidence and the case is confirmed; where it does not, the case bears that it was found. What
/// it appends it would not append twice: a page that is repeated after a crash changes nothing.
/// </summary>
internal sealed class MatchCases : SubscriptionBase
{
    private const int PageSize = 500;

    private readonly NpgsqlDataSource database;
    private readonly TimeProvider clock;

    // The document that was needed last: one that is signed over many cases is needed again and again.
    private (Guid RowsId, Lines Lines)? last;

    public MatchCases(NpgsqlDataSource database, TimeProvider clock)
    {
        this.database = database;
        this.clock = clock;
        Name = "match-cases";
        Options.BatchSize = PageSize;
        IncludeType<CaseOpened>();
        IncludeType<SheetSigned>();
    }

    public override async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        var opened = new List<IEvent>();
        foreach (var stored in page.Events)
        {
            if (stored.Data is CaseOpened)
            {
                opened.Add(stored);
                continue;
            }

            await MatchAsync(operations.DocumentStore, [.. opened.Select(e => e.StreamId)], stored, cancellationToken);
            opened.Clear();
            await MatchAgainstAsync(operations.DocumentStore, stored, cancellationToken);
        }

        if (opened is [.., var cause])
        {
            await MatchAsync(operations.DocumentStore, [.. opened.Select(e => e.StreamId)], cause, cancellationToken);
        }

        return NullChangeListener.Instance;
    }

    /// <summary>The open cases that a document which was signed says something to.</summary>
    private async Task MatchAgainstAsync(IDocumentStore store, IEvent signed, CancellationToken ct)
    {
        var cases = new List<Guid>();
        await using (var command = database.CreateCommand(
            """
            select distinct shift.case_id
            from mt_doc_sheet sheet
            join sheet_rows row on row.rows_id = sheet.rows_id
            join case_shifts shift on shift.volunteer_id = row.volunteer_id and shift.starts_at < row.ends_at and shift.ends_at > row.starts_at
                and shift.organisation_id::text = sheet.data ->> 'organisationId'
            where sheet.id = $1
            """))
        {
            command.Parameters.Add(new() { Value = signed.StreamId });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                cases.Add(reader.GetGuid(0));
            }
        }

        foreach (var page in cases.Chunk(PageSize))
        {
            await MatchAsync(store, page, signed, ct);
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
            await TryMatchAsync(store, ids, cause, ct);
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

    private async Task TryMatchAsync(IDocumentStore store, Guid[] ids, IEvent cause, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        session.Because(cause);
        var open = (await session.LoadManyAsync<Case>(ct, ids)).Where(found => found.Status == CaseStatus.Open).ToList();
        var rows = await session.RowsAsync(database, open, ct);
        var matches = open.ToDictionary(found => found.Id, found => Match.Of(found.Facts(), [.. rows[found.Id]]));
        var known = matches.Where(match => match.Value.Kind != MatchKind.Unknown).ToList();
        if (known.Count == 0)
        {
            return;
        }

        session.QueueSqlCommand(
            "insert into case_matches (case_id, kind) select * from unnest(?::uuid[], ?::text[]) on conflict (case_id) do update set kind = excluded.kind",
            known.Select(match => match.Key).ToArray(), known.Select(match => match.Value.Kind.ToString()).ToArray());
        var exact = open.Where(found => matches[found.Id].Kind == MatchKind.Exact).ToList();
        var twice = await WithAnotherEntryAsync(exact, ct);
        var now = clock.GetUtcNow();
        var sheets = (await session.LoadManyAsync<Sheet>(ct, exact.SelectMany(found => rows[found.Id]).Select(row => row.SheetId).Distinct())).ToDictionary(sheet => sheet.Id);
        var rules = (await session.LoadManyAsync<ConfirmationRules>(ct, exact.Select(found => ConfirmationRules.IdOf(found.OrganisationId)).Distinct())).ToDictionary(rule => rule.OrganisationId);
        foreach (var found in exact)
        {
            var points = rules.GetValueOrDefault(found.OrganisationId)?.Points?.PointsFor(found.Facts()) ?? 0;
            var confirmed = twice.Contains(found.Id) ? null : await ConfirmAsync(found, points, [.. rows[found.Id]], sheets, now, ct);
            if (confirmed is not null || found.MatchedAt is null)
            {
                session.Events.Append(found.Id, found.Version + 1, confirmed ?? (object)new CaseMatched(found.EntryId, found.Revision, found.OrganisationId, now));
            }
        }

        await session.SaveChangesAsync(ct);
    }

    /// <summary>The confirmation by a document that confirms by itself and evidences the whole case alone; null where there is none. Nobody confirms their own hours by it.</summary>
    private async Task<CaseConfirmed?> ConfirmAsync(
        Case found, int points, IReadOnlyList<KnownRow> rows, Dictionary<Guid, Sheet> sheets, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var ofSheet in rows.GroupBy(row => row.SheetId))
        {
            var match = Match.Of(found.Facts(), [.. ofSheet]);
            if (match.Kind != MatchKind.Exact || sheets[ofSheet.Key] is not { ConfirmsWithin: not null } sheet
                || sheet.SignedBy == found.VolunteerId.ToString())
            {
                continue;
            }

            var lines = await LinesAsync(sheet.RowsId, ct);
            return new CaseConfirmed(
                found.EntryId, found.Revision, found.OrganisationId, sheet.Kid, sheet.Signature, now, points, sheet.Key,
                [.. match.Shifts.Select(shift => shift.Row!).DistinctBy(row => row.Line).Select(lines.Line)], Statement: sheet.Signed);
        }

        return null;
    }

    /// <summary>Those that another entry of the volunteer's claims the same time with the organisation for: which of the two it is, somebody has to say.</summary>
    private async Task<HashSet<Guid>> WithAnotherEntryAsync(IReadOnlyList<Case> cases, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            select distinct shift.case_id
            from case_shifts shift
            join case_shifts other on other.volunteer_id = shift.volunteer_id and other.organisation_id = shift.organisation_id and other.entry_id <> shift.entry_id
                and other.starts_at < shift.ends_at and other.ends_at > shift.starts_at
            join mt_doc_case claim on claim.id = other.case_id and claim.status in ('Open', 'Confirmed')
            where shift.case_id = any($1)
            """);
        command.Parameters.Add(new() { Value = cases.Select(found => found.Id).ToArray() });
        var twice = new HashSet<Guid>();
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            twice.Add(reader.GetGuid(0));
        }

        return twice;
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

    /// <summary>The lines of a document as the tree that was signed.</summary>
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
