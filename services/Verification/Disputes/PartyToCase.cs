using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Disputes;

/// <summary>
/// A case that the caller is a party to: as its volunteer, for its organisation, or as the administrator once it is disputed. Foreign and absent look the same.
/// </summary>
public static class PartyToCase
{
    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ChangeAsync(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, DateTimeOffset now,
        Func<Case, DisputeSide, Task<Decision?>> decide, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Case>(id, ct);
        if (stream.Aggregate is not { } found || await SideAsync(found, caller, session, now, ct) is not { } side
            || await decide(found, side) is not { } decision)
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return decision.Refusal is { } refusal ? refusal.ToProblem() : TypedResults.NoContent();
    }

    private static async Task<DisputeSide?> SideAsync(Case found, Caller caller, IQuerySession session, DateTimeOffset now, CancellationToken ct) =>
        found.VolunteerId == caller.Id ? DisputeSide.Volunteer
        : (await session.LoadAsync<Organisation>(found.OrganisationId, ct))?.IsCoordinator(caller.Id, now) == true ? DisputeSide.Organisation
        : caller.IsAdministrator && found.Dispute is not null ? DisputeSide.Administrator
        : null;

    /// <summary>The refusal to settle a dispute that one's own organisation is in.</summary>
    public static Refusal OwnDispute { get; } = Refusal.Conflict("own-dispute", "A party to a dispute cannot settle it; another administrator must.");

    /// <summary>The refusal to speak in or settle a dispute that is not there.</summary>
    public static Refusal NotDisputed { get; } = Refusal.Conflict("not-in-dispute", "There is no dispute waiting to be settled.");
}
