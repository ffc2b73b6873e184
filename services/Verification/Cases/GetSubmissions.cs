using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

/// <summary>What the volunteer says with a case, as it stood when the organisation was asked; nothing that was written later.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Asked">The volunteer's own words and documents.</param>
/// <param name="Standing">Of a case that would change a confirmation: what the confirmed entry said; null otherwise.</param>
public sealed record CaseSubmission(Guid CaseId, OwnWords Asked, OwnWords? Standing);

/// <summary>
/// <c>GET /api/v1/cases/submissions?ids=</c>: what was done and what is given as evidence, for who may see the case: a decision is made on what is seen. Also
/// afterwards, to answer for it, unless the volunteer took the entry back. The ledger away is 503.
/// </summary>
public static class GetSubmissionsEndpoint
{
    private const int MostIds = 100;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/cases/submissions", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("What volunteers say and give as evidence in cases that you may see; others are left out");

    private static async Task<Results<Ok<IReadOnlyList<CaseSubmission>>, ProblemHttpResult>> Handle(
        string ids, Caller caller, HttpContext http, IQuerySession session, Submissions submissions, TimeProvider clock, CancellationToken ct)
    {
        var parts = ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > MostIds || !parts.All(part => Guid.TryParse(part, out _)))
        {
            return Refusal.Invalid("ids-malformed", "ids", $"Give at most {MostIds} ids, separated by commas.").ToProblem();
        }

        var cases = await session.LoadManyAsync<Case>(ct, parts.Select(Guid.Parse).Distinct());
        var organisations = (await session.LoadManyAsync<Organisation>(ct, cases.Select(found => found.OrganisationId).Distinct()))
            .ToDictionary(organisation => organisation.Id);
        var now = clock.GetUtcNow();
        var visible = cases.Where(found => found.Status != CaseStatus.Cancelled
            && found.IsVisibleTo(caller, organisations.GetValueOrDefault(found.OrganisationId), now)).ToList();
        var said = await submissions.OfAsync(visible, ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<CaseSubmission>>(
            [.. visible.Where(found => said.ContainsKey(found.Id))
                .Select(found => new CaseSubmission(found.Id, said[found.Id].Asked, said[found.Id].Standing))]);
    }
}
