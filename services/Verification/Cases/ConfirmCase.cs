using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

/// <summary>
/// <c>POST /api/v1/cases/{id}/confirmation</c>: confirms by signature (F15). A signature that does not confirm is refused (422) and recorded.
/// </summary>
/// <param name="Signature">
/// Compact JWS, header <c>{"alg":"ES256","kid":…}</c>, payload the bytes of <c>GET /api/v1/cases/{id}/statement</c>, or of
/// <c>POST /api/v1/cases/{id}/statement</c> for less; or a detached CMS over these bytes with ГОСТ Р 34.10-2012, the signer's certificate in it, DER in base64
/// without white space. The same holds wherever an organisation signs.
/// </param>
/// <param name="Shifts">What is confirmed, where it is less than was submitted: 1 to 100 shifts, each within one of the entry's.</param>
/// <param name="Reason">Why less, for the volunteer to read; at most 2000 characters.</param>
public sealed record ConfirmCase(string Signature, IReadOnlyList<Shift>? Shifts = null, string? Reason = null);

public static class ConfirmCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/confirmation", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Confirm a case with an electronic signature")
            .WithExample(new ConfirmCase("eyJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9.eyJjYXNlSWQiOi4uLn0.c2lnbmF0dXJl"));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ConfirmCase command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return CoordinatorsCase.DecideAsync(
            id, expected, caller, http, session, now,
            async (found, organisation) => Decide(found, organisation, (await session.RulesOfAsync(organisation.Id, ct))?.Points, command, now), ct);
    }

    public static Decision Decide(Case found, Organisation organisation, PointsRule? rule, ConfirmCase command, DateTimeOffset now)
    {
        if (Refusal.All(
        [
            Rules.Text("signature", command.Signature, SignatureRefusal.MostCharacters),
            PartialConfirmation.Check(found, command.Shifts, command.Reason),
        ]) is { } broken)
        {
            return broken;
        }

        if (found.Status != CaseStatus.Open)
        {
            return found.Signature == command.Signature ? Decision.Nothing : CoordinatorsCase.NotOpen;
        }

        var facts = PartialConfirmation.Of(found, command.Shifts);
        if (CoordinatorsCase.Unconfirmable(facts, now) is { } refused)
        {
            return refused;
        }

        var points = rule?.PointsFor(facts) ?? 0;
        var signed = SignatureCheck.Check(command.Signature, Statement.Of(found, facts, points), organisation.Keys, now);
        if (signed.Fault is { } fault)
        {
            return SignatureRefusal.OnRecord(fault, signed.Kid, command.Signature, now);
        }

        return Decision.Append(new CaseConfirmed(
            found.EntryId, found.Revision, found.OrganisationId, signed.Kid, command.Signature, now, points, signed.Key,
            Facts: command.Shifts is null ? null : facts, Reason: command.Shifts is null ? null : command.Reason, Statement: signed.Statement));
    }
}
