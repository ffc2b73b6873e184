using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>The volunteer's own words, and the documents that support them.</summary>
/// <param name="Description">What was done; null where nothing was said.</param>
/// <param name="Documents">What supports it.</param>
/// <param name="Withheld">There are words or documents, given when the volunteer was told that nobody else sees them: they are left out.</param>
public sealed record OwnWords(string? Description, IReadOnlyList<DocumentReference> Documents, bool Withheld = false)
{
    internal OwnWords IfShown(bool shown) =>
        shown || (string.IsNullOrWhiteSpace(Description) && Documents.Count == 0) ? this : new OwnWords(null, [], Withheld: true);
}

/// <summary>What an organisation was asked with, beside the facts that it confirms: as it stood when it was asked, whatever was said later.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">Which submission of it.</param>
/// <param name="Asked">What the volunteer says.</param>
/// <param name="Standing">Of an amendment: what the confirmed entry said at that time; null otherwise.</param>
public sealed record Submission(Guid EntryId, int Revision, OwnWords Asked, OwnWords? Standing)
{
    /// <summary>Read from an entry's events in their order; null where the entry was never submitted so often.</summary>
    public static Submission? Of(IReadOnlyList<IEvent> history, int revision)
    {
        if (history.FirstOrDefault(stored => Revised(stored.Data)?.Revision == revision) is not { } asked)
        {
            return null;
        }

        var until = history.TakeWhile(stored => stored.Version <= asked.Version).ToList();
        var then = Replay.ViewOf(until.Select(Happened.Of));
        var standing = new OwnWords(then.Description, then.Documents);
        var shown = Revised(asked.Data)!.Value.WordsShown;
        return then.Amendment is { } wish
            ? new Submission(
                then.Id, revision, new OwnWords(wish.Description, wish.Documents).IfShown(shown),
                standing.IfShown(IsShown(until, ((EntryAmended)asked.Data).StandingRevision)))
            : new Submission(then.Id, revision, standing.IfShown(shown), null);
    }

    private static (int Revision, bool WordsShown)? Revised(object data) => data switch
    {
        EntrySubmitted e => (e.Revision, e.WordsShown),
        EntryAmended e => (e.Revision, e.WordsShown),
        _ => null,
    };

    private static bool IsShown(IReadOnlyList<IEvent> history, int revision) =>
        history.Any(stored => Revised(stored.Data) is (var asked, true) && asked == revision);
}

/// <summary>
/// <c>GET /submissions?of={entry}.{revision},…</c>: what organisations were asked with, at most 100, for services of ours; what there is not is left out.
/// Verification decides who may see it. Not reachable through the gateway.
/// </summary>
public static class GetSubmissionsEndpoint
{
    private const int Most = 100;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/submissions", Handle)
        .RequireAuthorization(Policies.Integration)
        .ExcludeFromDescription();

    private static async Task<Results<Ok<IReadOnlyList<Submission>>, ProblemHttpResult>> Handle(
        string of, HttpContext http, IQuerySession session, CancellationToken ct)
    {
        var asked = of.Split(',').Select(part => part.Split('.') is [var id, var n] && Guid.TryParse(id, out var entry) && int.TryParse(n, out var revision)
            ? (entry, revision)
            : default).Distinct().ToList();
        if (asked.Count > Most || asked.Contains(default))
        {
            return Refusal.Invalid("ids-malformed", "of", $"Give at most {Most} values of the form entry.revision, separated by commas.").ToProblem();
        }

        var ids = asked.Select(one => one.entry).Distinct().ToArray();
        var events = await session.Events.QueryAllRawEvents().Where(stored => ids.Contains(stored.StreamId)).OrderBy(stored => stored.Version).ToListAsync(ct);
        var histories = events.GroupBy(stored => stored.StreamId).ToDictionary(history => history.Key, history => history.ToList());
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<Submission>>([.. from one in asked
                                                              where histories.ContainsKey(one.entry)
                                                              let found = Submission.Of(histories[one.entry], one.revision)
                                                              where found is not null
                                                              select found]);
    }
}
