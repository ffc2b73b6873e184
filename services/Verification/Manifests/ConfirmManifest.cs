using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;

namespace VolunteerBook.Verification.Manifests;

/// <summary>
/// <c>POST /api/v1/confirmations</c>: confirms many cases by one signature, all of them or none. Each keeps its own statement with the proof that it is in what
/// was signed, so that it can be shown without the others.
/// </summary>
/// <param name="OrganisationId">The organisation that confirms.</param>
/// <param name="CaseIds">The cases, as in <c>POST /api/v1/manifests</c>.</param>
/// <param name="Signature">Compact JWS, header <c>{"alg":"ES256","kid":…}</c>, payload the manifest's statement; or a detached CMS over that.</param>
public sealed record ConfirmManifest(Guid OrganisationId, IReadOnlyList<Guid> CaseIds, string Signature);

/// <summary>What was confirmed.</summary>
/// <param name="Confirmed">How many cases.</param>
public sealed record ManifestReceipt(int Confirmed);

public static class ConfirmManifestEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/confirmations", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Confirm many cases with one electronic signature")
            .WithExample(new ConfirmManifest(
                new Guid("019a0000-0000-7000-8000-000000000001"),
                [new Guid("019a0000-0000-7000-8000-000000000002")],
                "eyJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9.eyJmb3JtIjouLi59.c2lnbmF0dXJl"));

    private static async Task<Results<Ok<ManifestReceipt>, NotFound, ProblemHttpResult>> Handle(
        ConfirmManifest command, Caller caller, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await session.OpenCasesAsync(command.OrganisationId, command.CaseIds, caller, now, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        var decisions = Decide(found, command, now);
        foreach (var (decided, decision) in found.Cases.Zip(decisions))
        {
            session.Events.Append(decided.Id, decided.Version + decision.Events.Count, decision.Events);
        }

        await session.SaveChangesAsync(ct);
        return decisions.Select(decision => decision.Refusal).FirstOrDefault(refusal => refusal is not null) is { } refusal
            ? refusal.ToProblem()
            : TypedResults.Ok(new ManifestReceipt(found.Cases.Count));
    }

    /// <summary>For each case; a signature that does not sign the manifest goes on record at the first of them.</summary>
    internal static IReadOnlyList<Decision> Decide(CasesOfManifest found, ConfirmManifest command, DateTimeOffset now)
    {
        if (Rules.Text("signature", command.Signature, SignatureRefusal.MostCharacters) is { } broken)
        {
            return [broken];
        }

        if (found.Refusal is { } refusal)
        {
            // The same signature again says nothing new.
            return found.Cases is [_, ..] && found.Cases.TrueForAll(known => known.Signature == command.Signature) ? [Decision.Nothing] : [refusal];
        }

        var (statement, tree) = ListStatement.OfManifest(found.Organisation.Id, found.Statements);
        var signed = SignatureCheck.Check(command.Signature, statement, found.Organisation.Keys, now);
        if (signed.Fault is { } fault)
        {
            return [SignatureRefusal.OnRecord(fault, signed.Kid, command.Signature, now)];
        }

        return
        [
            .. found.Cases.Select((decided, index) => Decision.Append(new CaseConfirmed(
                decided.EntryId, decided.Revision, decided.OrganisationId, signed.Kid, command.Signature, now, found.Points[index], signed.Key,
                [tree.Line(index, found.Statements[index])], Statement: signed.Statement))),
        ];
    }
}
