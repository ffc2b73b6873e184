using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>A volunteer's change of an entry of one's own: foreign and absent look the same.</summary>
internal static class OwnEntry
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ChangeAsync(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, Func<Entry, Decision> decide, CancellationToken ct)
    {
        var stream = await session.FetchWithViewAsync<Entry, EntryView>(id, ct);
        if (stream.Aggregate is not { } entry || entry.VolunteerId != caller.Id)
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = decide(entry);
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
