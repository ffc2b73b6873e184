using System.Text;
using System.Text.Json.Nodes;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Disputes;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

/// <summary>A case with what is to be signed, and the decision once there is one.</summary>
/// <param name="Minutes">Sum over the shifts.</param>
/// <param name="OpenedAt">When the entry was submitted, UTC.</param>
/// <param name="Statement">Canonical JSON (RFC 8785) of what confirming says.</param>
/// <param name="CanDecide">Whether the caller may decide on it now.</param>
/// <param name="Decision">What was decided, or null.</param>
/// <param name="Level">The volunteer's responsibility.</param>
/// <param name="Place">Where in the region.</param>
/// <param name="Volume">How much was done.</param>
/// <param name="Points">Points that confirming gives by the organisation's rule, or gave.</param>
/// <param name="Amends">The confirmation that this one would change, or changed.</param>
/// <param name="CanRevoke">Whether the caller may take the confirmation back now.</param>
/// <param name="Revocation">How the confirmation was taken back, or null.</param>
/// <param name="DueAt">First instant at which the organisation is late, UTC.</param>
/// <param name="Overdue">Whether it is late now.</param>
/// <param name="EscalatedAt">When it was escalated, UTC; null where it was not.</param>
/// <param name="Reminder">The administrator's last reminder; null where there was none.</param>
/// <param name="Kids">Keys of the organisation that may sign now, for who may decide.</param>
/// <param name="ConfirmedInPart">What was confirmed, where it is less than was submitted; the decision's reason says why.</param>
/// <param name="PartAcceptedAt">When the volunteer agreed to that, UTC.</param>
/// <param name="Dispute">The volunteer's dispute of what was decided.</param>
/// <param name="CanAccept">Whether the caller may agree to less.</param>
/// <param name="CanDispute">Whether the caller may dispute the decision.</param>
/// <param name="Overtaken">
/// What was decided while the volunteer took the entry back, or null: it came to the ledger later, and counts for nothing.
/// </param>
/// <param name="Match">What the organisation's signed attendance sheets say to it (F11).</param>
public sealed record CaseDetail(
    Guid Id, Guid EntryId, int Revision, Guid VolunteerId, Guid OrganisationId,
    string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts, int Minutes,
    CaseStatus Status, DateTimeOffset OpenedAt, string Statement, bool CanDecide,
    CaseDecision? Decision, ResponsibilityLevel Level, string? Place, Volume? Volume, int Points,
    StandingConfirmation? Amends, bool CanRevoke, Revocation? Revocation, DateTimeOffset DueAt, bool Overdue, DateTimeOffset? EscalatedAt, Reminder? Reminder,
    IReadOnlyList<string> Kids, EntryFacts? ConfirmedInPart, DateTimeOffset? PartAcceptedAt, Dispute? Dispute, bool CanAccept, bool CanDispute,
    OvertakenDecision? Overtaken, Match Match)
{
    public static CaseDetail Of(Case found, Organisation? organisation, Guid caller, int points, Match match, DateTimeOffset now)
    {
        var (coordinates, evidences) = (organisation?.IsCoordinator(caller, now) == true, organisation?.MayEvidence(found.VolunteerId, caller, now) == true);
        var own = found.VolunteerId == caller;
        return new(
            found.Id, found.EntryId, found.Revision, found.VolunteerId, found.OrganisationId,
            found.Project, found.TaskType, found.Region, found.Shifts, found.Minutes,
            found.Status, found.OpenedAt, Encoding.UTF8.GetString(Cases.Statement.Of(found, points)),
            found.Status == CaseStatus.Open && evidences && organisation!.SuspendedAt is null,
            found.DecidedAt is { } at ? new CaseDecision(found.DecidedBy, at, found.Reason, found.Kid, found.Signature, found.Lines, found.Signed) : null,
            found.Level, found.Place, found.Volume, points, found.Amends,
            found.Status == CaseStatus.Confirmed && evidences && organisation!.IsAppointed(caller, now), found.Revocation,
            found.DueAt, found.IsOverdue(now), found.EscalatedAt, found.Reminder, coordinates ? organisation!.KidsInForce(now) : [],
            found.ConfirmedInPart, found.PartAcceptedAt, found.Dispute, own && found.WaitsForAcceptance, own && found.CanBeDisputed,
            found.Overtaken, match);
    }
}

/// <summary>What was decided on a case.</summary>
/// <param name="By">The subject of who decided; null where the volunteer took the entry back.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Reason">What the organisation told the volunteer when it rejected or returned.</param>
/// <param name="Kid">The key that signed.</param>
/// <param name="Signature">The compact JWS of the confirmation, statement included, or a detached CMS, DER in base64.</param>
/// <param name="Lines">Where a list was signed as a whole: the lines of it that are about this case.</param>
/// <param name="Statement">What was signed, where the signature does not hold it itself.</param>
public sealed record CaseDecision(
    string? By, DateTimeOffset At, string? Reason, string? Kid, string? Signature, IReadOnlyList<SignedLine>? Lines, string? Statement);

/// <summary>
/// <c>GET /api/v1/cases/{id}</c>, its statement and its history: for the organisation's coordinators, for the volunteer it is about, and
/// for the administrator once it is disputed.
/// </summary>
public static class GetCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/cases/{id:guid}", Detail).RequireAuthorization(Policies.Coordinator).WithSummary("A case with its statement and decision");
        routes.MapGet("/cases/{id:guid}/statement", Bytes).RequireAuthorization(Policies.Coordinator)
            .Produces<JsonObject>()
            .WithSummary("The canonical bytes to sign");
        routes.MapGet("/cases/{id:guid}/history", Changes)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Every change to a case, with date and author");
    }

    private static async Task<Results<Ok<CaseDetail>, NotFound>> Detail(
        Guid id, Caller caller, HttpContext http, IQuerySession session, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        if (await VisibleAsync(id, caller, session, clock, ct) is not { Case: var found, Organisation: var organisation })
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, found.Version);
        return TypedResults.Ok(CaseDetail.Of(
            found, organisation, caller.Id, await session.PointsOfAsync(found, ct),
            (await session.MatchesAsync(database, [found], ct))[found.Id], clock.GetUtcNow()));
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> Bytes(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct) =>
        await VisibleAsync(id, caller, session, clock, ct) is { } visible
            ? TypedResults.Bytes(Statement.Of(visible.Case, await session.PointsOfAsync(visible.Case, ct)), "application/json")
            : TypedResults.NotFound();

    private static async Task<Results<Ok<IReadOnlyList<Change>>, NotFound>> Changes(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct) =>
        await VisibleAsync(id, caller, session, clock, ct) is null ? TypedResults.NotFound() : TypedResults.Ok(await session.HistoryAsync(id, ct));

    private static async Task<(Case Case, Organisation? Organisation)?> VisibleAsync(
        Guid id, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Case>(id, ct) is not { } found)
        {
            return null;
        }

        var organisation = await session.LoadAsync<Organisation>(found.OrganisationId, ct);
        return found.IsVisibleTo(caller, organisation, clock.GetUtcNow()) ? (found, organisation) : null;
    }

    /// <summary>Whether the caller may see the case of this organisation, and what the volunteer says with it, now.</summary>
    internal static bool IsVisibleTo(this Case found, Caller caller, Organisation? organisation, DateTimeOffset now) =>
        found.VolunteerId == caller.Id || organisation?.IsCoordinator(caller.Id, now) == true || (found.Dispute is not null && caller.IsAdministrator);
}
