using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary><c>POST /api/v1/grants</c>: allows an agency to read one's confirmed data for one of its purposes (F40, F43).</summary>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="Purpose">Code of one of its purposes.</param>
/// <param name="Gives"><c>totals</c> for sums only, <c>entries</c> for each entry too.</param>
/// <param name="Until">The last day on which it holds, UTC: today to five years from today.</param>
/// <param name="From">The first day of the work that it gives; null for no bound.</param>
/// <param name="To">The last day of the work that it gives; null for no bound.</param>
/// <param name="OrganisationId">Work for this organisation only; null for all.</param>
public sealed record GiveGrant(
    string Agency, string Purpose, GrantDepth Gives, DateOnly Until, DateOnly? From = null, DateOnly? To = null, Guid? OrganisationId = null);

/// <summary>What was made.</summary>
/// <param name="Id">The grant.</param>
public sealed record GrantReceipt(Guid Id);

public static class GiveGrantEndpoint
{
    /// <summary>How far in the future a grant may end.</summary>
    public const int MostYears = 5;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/grants", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Allow an agency to read your confirmed data")
            .WithExample(new GiveGrant("agency_education", "admission", GrantDepth.Entries, new DateOnly(2027, 9, 1), new DateOnly(2024, 1, 1)));

    private static async Task<Results<Created<GrantReceipt>, ProblemHttpResult>> Handle(
        GiveGrant command, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var agency = await session.LoadAsync<Agency>(Agency.IdOf(command.Agency), ct);
        var standing = agency?.Has(command.Purpose) == true ? await session.StandingAsync(caller.Id, agency.ClientId, command.Purpose, now, ct) : null;
        var decision = Decide(caller.Id, agency, standing, command, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        var id = Guid.CreateVersion7();
        session.Events.StartStream<Grant>(id, decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, 1);
        return TypedResults.Created($"/api/v1/grants/{id}", new GrantReceipt(id));
    }

    public static Decision Decide(Guid volunteer, Agency? agency, Grant? standing, GiveGrant command, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var broken = Refusal.All(
        [
            agency is null ? Refusal.Invalid("unknown-agency", "agency", "The agency must be the client id of a registered agency.")
                : agency.Has(command.Purpose) ? null : Refusal.Invalid("unknown-purpose", "purpose", "The purpose must be one of the agency's own."),
            command.Until < today ? Refusal.Invalid("until-in-the-past", "until", "A grant must end today or later.")
                : command.Until > today.AddYears(MostYears) ? Refusal.Invalid("until-too-far", "until", $"A grant must end within {MostYears} years.") : null,
            command.To < command.From ? Refusal.Invalid("period-reversed", "to", "A period must end on the day it begins or later.") : null,
            command.OrganisationId == Guid.Empty ? Refusal.Invalid("organisation-missing", "organisationId", "Name the organisation, or leave it out.") : null,
        ]);
        return broken is not null ? broken
            : standing is not null && standing.InForce(now)
                ? Refusal.Conflict("grant-in-force", "A grant to this agency for this purpose is already in force; withdraw it first.")
            : Decision.Append(new GrantGiven(
                volunteer, command.Agency, command.Purpose,
                new GrantScope(command.Gives, command.From, command.To, command.OrganisationId), command.Until, now));
    }

    /// <summary>
    /// The grant that holds for an agency and a purpose: of two that were given at the same moment the later one, so that there is never a choice.
    /// </summary>
    public static async Task<Grant?> StandingAsync(
        this IQuerySession session, Guid volunteer, string agency, string purpose, DateTimeOffset now, CancellationToken ct) =>
        (await session.Query<Grant>()
            .Where(grant => grant.VolunteerId == volunteer && grant.Agency == agency && grant.Purpose == purpose && grant.WithdrawnAt == null).ToListAsync(ct))
            .Where(grant => grant.InForce(now)).OrderByDescending(grant => (grant.GivenAt, grant.Id)).FirstOrDefault();
}
