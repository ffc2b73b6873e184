using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>A change of an organisation by somebody who may: foreign and absent look the same.</summary>
internal static class OrganisationChange
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ChangeAsync(
        Guid id, ExpectedVersion expected, HttpContext http, IDocumentSession session,
        Func<Organisation, bool> mayChange, Func<Organisation, Decision> decide, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Organisation>(id, ct);
        if (stream.Aggregate is not { } organisation || !mayChange(organisation))
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = decide(organisation);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }
}
