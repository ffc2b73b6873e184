using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.OrganisationRules;

/// <summary>How an organisation confirms.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Points">How it gives points; null for none.</param>
/// <param name="DecideWithinDays">Within how many days it decides on what is submitted now; 14 where it said nothing.</param>
/// <param name="Matching">How its attendance sheets evidence entries.</param>
public sealed record ConfirmationRulesView(Guid OrganisationId, PointsRule? Points, int DecideWithinDays, MatchingRule Matching);

/// <summary><c>GET /api/v1/confirmation-rules/{organisationId}</c>: for everyone, so that a volunteer knows before the work what it brings.</summary>
public static class GetConfirmationRulesEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/confirmation-rules/{organisationId:guid}", Handle).AllowAnonymous().WithSummary("How an organisation confirms and gives points");

    private static async Task<Results<Ok<ConfirmationRulesView>, NotFound>> Handle(
        Guid organisationId, HttpContext http, IQuerySession session, CancellationToken ct)
    {
        if (await session.LoadAsync<Organisation>(organisationId, ct) is null)
        {
            return TypedResults.NotFound();
        }

        var rules = await session.RulesOfAsync(organisationId, ct);
        ETag.Set(http, rules?.Version ?? 0);
        return TypedResults.Ok(new ConfirmationRulesView(
            organisationId, rules?.Points, rules?.DecideWithinDays ?? ConfirmationRules.UsualDays, rules?.Matching ?? MatchingRule.Default));
    }

    /// <summary>What the organisation has said; null where it has said nothing.</summary>
    public static Task<ConfirmationRules?> RulesOfAsync(this IQuerySession session, Guid organisation, CancellationToken ct) =>
        session.LoadAsync<ConfirmationRules>(ConfirmationRules.IdOf(organisation), ct);

    /// <summary>How the organisation's attendance sheets evidence entries.</summary>
    public static async Task<MatchingRule> MatchingRuleOfAsync(this IQuerySession session, Guid organisation, CancellationToken ct) =>
        (await session.RulesOfAsync(organisation, ct))?.Matching ?? MatchingRule.Default;

    /// <summary>Within how many days the organisation has said it decides; null where it said nothing.</summary>
    public static async Task<int?> DecideWithinDaysAsync(this IQuerySession session, Guid organisation, CancellationToken ct) =>
        (await session.RulesOfAsync(organisation, ct))?.DecideWithinDays;

    /// <summary>The points that a case would bring now, or brought when it was confirmed.</summary>
    public static async Task<int> PointsOfAsync(this IQuerySession session, Case found, CancellationToken ct) =>
        found.Status != CaseStatus.Open ? found.Points : (await session.RulesOfAsync(found.OrganisationId, ct))?.Points?.PointsFor(found.Facts()) ?? 0;
}
