using System.Text.Json;
using Marten;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification.Matching;

/// <summary>A signed sheet has work of volunteers that none of their entries claims: each of them is to be told once.</summary>
/// <param name="SheetId">The sheet.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Volunteers">Whose work it is.</param>
/// <param name="At">When the sheet was signed, UTC.</param>
public sealed record WorkProposed(Guid SheetId, Guid OrganisationId, IReadOnlyList<ProposedWork> Volunteers, DateTimeOffset At);

/// <summary>Whom a sheet was proposed to.</summary>
public sealed record SheetProposal(Guid Id, Guid SheetId, int Volunteers)
{
    /// <summary>The stream's version.</summary>
    public int Version { get; set; }

    /// <summary>A sheet is proposed once.</summary>
    public static Guid IdOf(Guid sheet) => Uuid.V5(sheet, "proposal");

    public static SheetProposal Create(WorkProposed e) => new(IdOf(e.SheetId), e.SheetId, e.Volunteers.Count);

    public SheetProposal Apply(WorkProposed e) => this with { Volunteers = Volunteers + e.Volunteers.Count };
}

/// <summary>
/// Finds, when a sheet is signed, whose work in it is in no entry yet, so that they can be told (<see cref="GetProposalsEndpoint"/> shows it). What the sheet
/// whose place it takes had already said to the minute is not proposed again.
/// </summary>
public static class ProposeWork
{
    /// <summary>The most volunteers of an event: it is a message on the broker.</summary>
    public const int MostVolunteers = 200;

    public static async Task Handle(SheetSigned signed, Received received, IDocumentSession session, CancellationToken ct)
    {
        // Proposed before, and the position was put back; or another has taken its place meanwhile, and is proposed itself.
        if (await session.LoadAsync<Sheet>(received.Stream, ct) is not { Status: SheetStatus.Signed } sheet
            || await session.Events.FetchStreamStateAsync(SheetProposal.IdOf(sheet.Id), ct) is not null)
        {
            return;
        }

        // One whose place was taken before anybody was told of it has said nothing to anybody.
        var told = signed.Supersedes is { } before && await session.Events.FetchStreamStateAsync(SheetProposal.IdOf(before), ct) is not null
            ? before : Guid.Empty;
        var found = await session.QueryAsync<string>(
            $"""
            select jsonb_build_object('volunteerId', row.volunteer_id, 'shifts', count(*),
                'minutes', (extract(epoch from sum(row.ends_at - row.starts_at)) / 60)::int)::text
            from sheet_rows row join mt_doc_sheet sheet on sheet.rows_id = row.rows_id
            where sheet.id = ? and row.volunteer_id is not null and {GetProposalsEndpoint.Unclaimed}
              and not exists (
                select from mt_doc_sheet earlier join sheet_rows known on known.rows_id = earlier.rows_id and known.record is not null
                where earlier.id = ? and known.volunteer_id = row.volunteer_id and known.starts_at = row.starts_at and known.ends_at = row.ends_at)
            group by row.volunteer_id order by row.volunteer_id
            """, ct, sheet.Id, told);
        if (found.Count > 0)
        {
            session.Events.StartStream<SheetProposal>(SheetProposal.IdOf(sheet.Id), Decide(
                sheet, signed.At, found.Select(one => JsonSerializer.Deserialize<ProposedWork>(one, Json.Options)!)));
        }
    }

    /// <summary>Pure.</summary>
    public static IReadOnlyList<object> Decide(Sheet sheet, DateTimeOffset at, IEnumerable<ProposedWork> found) =>
    [
        .. found.Chunk(MostVolunteers).Select(some => new WorkProposed(sheet.Id, sheet.OrganisationId, some, at)),
    ];
}
