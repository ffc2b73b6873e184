using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Sheets;

/// <summary>A sheet of one's own organisation: foreign and absent look the same.</summary>
internal static class CoordinatorsSheet
{
    public static async Task<(Sheet Sheet, Organisation Organisation)?> FindAsync(
        IQuerySession session, Guid id, Caller caller, DateTimeOffset now, CancellationToken ct) =>
        await session.LoadAsync<Sheet>(id, ct) is { } sheet
        && await session.LoadAsync<Organisation>(sheet.OrganisationId, ct) is { } organisation
        && organisation.IsCoordinator(caller.Id, now) ? (sheet, organisation) : null;

    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ChangeAsync(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, DateTimeOffset now,
        Func<Sheet, Organisation, Task<Decision>> decide, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Sheet>(id, ct);
        if (stream.Aggregate is null || await FindAsync(session, id, caller, now, ct) is not { Organisation: var organisation })
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = await decide(stream.Aggregate, organisation);
        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return decision.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    public static Refusal PeopleUnresolved { get; } = Refusal.Conflict(
        "people-unresolved", "First say who the people are whom this sheet names without their code.");

    public static Refusal NotOpen { get; } = Refusal.Conflict("sheet-not-open", "This sheet has already been signed or discarded.");
}
