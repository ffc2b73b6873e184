using System.Text;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Manifests;

/// <summary><c>POST /api/v1/manifests</c>: what confirming many cases at once says; changes nothing.</summary>
/// <param name="OrganisationId">The organisation that confirms.</param>
/// <param name="CaseIds">1 to 1000 of its open cases, each once. Their order is the manifest's.</param>
public sealed record GetManifest(Guid OrganisationId, IReadOnlyList<Guid> CaseIds);

/// <summary>What is to be signed, and what it stands for.</summary>
/// <param name="Statement">The canonical bytes (RFC 8785) as text: the number of the statements and the root of the RFC 6962 tree over them.</param>
/// <param name="Statements">The statements of confirmation in the manifest's order, each canonical: who signs can recompute the root.</param>
public sealed record Manifest(string Statement, IReadOnlyList<string> Statements);

public static class GetManifestEndpoint
{
    /// <summary>The most cases of a manifest.</summary>
    public const int MostCases = 1000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/manifests", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .ChangesNothing()
            .WithSummary("The statement to sign to confirm many cases at once")
            .WithExample(new GetManifest(new Guid("019a0000-0000-7000-8000-000000000001"), [new Guid("019a0000-0000-7000-8000-000000000002")]));

    private static async Task<Results<Ok<Manifest>, NotFound, ProblemHttpResult>> Handle(
        GetManifest command, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.OpenCasesAsync(command.OrganisationId, command.CaseIds, caller, clock.GetUtcNow(), ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        if (found.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        return TypedResults.Ok(new Manifest(
            Encoding.UTF8.GetString(ListStatement.OfManifest(command.OrganisationId, found.Statements).Statement),
            [.. found.Statements.Select(statement => Encoding.UTF8.GetString(statement))]));
    }

    /// <summary>
    /// The cases with their points and statements in the order asked for; a refusal where one cannot be confirmed; null where the
    /// organisation or a case is not the caller's.
    /// </summary>
    internal static async Task<CasesOfManifest?> OpenCasesAsync(
        this IQuerySession session, Guid organisationId, IReadOnlyList<Guid> ids, Caller caller, DateTimeOffset now, CancellationToken ct)
    {
        if (await session.LoadAsync<Organisation>(organisationId, ct) is not { } organisation || !organisation.IsCoordinator(caller.Id, now))
        {
            return null;
        }

        if (ids is not { Count: >= 1 and <= MostCases } || ids.Distinct().Count() != ids.Count)
        {
            return new CasesOfManifest(
                organisation, [], [], [], Refusal.Invalid("cases-out-of-range", "caseIds", $"A manifest must have 1 to {MostCases} cases, each once."));
        }

        var known = (await session.LoadManyAsync<Case>(ct, ids)).ToDictionary(found => found.Id);
        if (ids.Any(id => !known.TryGetValue(id, out var found) || found.OrganisationId != organisationId))
        {
            return null;
        }

        var cases = ids.Select(id => known[id]).ToList();
        var rules = await session.RulesOfAsync(organisationId, ct);
        var points = cases.ConvertAll(found => found.Status == CaseStatus.Open ? rules?.Points?.PointsFor(found.Facts()) ?? 0 : found.Points);
        var closed = cases.Where(found => found.Status != CaseStatus.Open).Select(found => found.Id).ToList();
        return new CasesOfManifest(
            organisation, cases, points, [.. cases.Zip(points, Statement.Of)],
            cases.Select(found => organisation.RefusesToEvidence(found.VolunteerId, caller.Id, now)).FirstOrDefault(refusal => refusal is not null)
            is { } forbidden ? forbidden
            : closed.Count > 0 ? CoordinatorsCase.NotOpen with { Extensions = new Dictionary<string, object?> { ["caseIds"] = closed } }
            : cases.Select(found => CoordinatorsCase.Unconfirmable(found.Facts(), now)).FirstOrDefault(refusal => refusal is not null));
    }
}

/// <summary>What a manifest is made of.</summary>
/// <param name="Organisation">Who confirms.</param>
/// <param name="Cases">The cases.</param>
/// <param name="Points">What each brings.</param>
/// <param name="Statements">What confirming each says.</param>
/// <param name="Refusal">Why they cannot be confirmed.</param>
internal sealed record CasesOfManifest(Organisation Organisation, List<Case> Cases, List<int> Points, List<byte[]> Statements, Refusal? Refusal);
