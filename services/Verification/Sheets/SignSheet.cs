using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// <c>POST /api/v1/sheets/{id}/signature</c>: signs an attendance sheet as a whole; from then on its rows are evidence. A signature that does
/// not sign it is refused (422) and recorded.
/// </summary>
/// <param name="Signature">
/// Compact JWS, header <c>{"alg":"ES256","kid":…}</c>, payload the bytes of <c>GET /api/v1/sheets/{id}/statement</c>; or a detached CMS over that.
/// </param>
/// <param name="Supersedes">
/// A signed sheet of the organisation whose place this one takes, as the statement then says (<c>…/statement?supersedes=</c>). Its rows
/// are evidence no more, and what rested on them is examined anew: a confirmation that no sheet gives by itself any longer is taken back.
/// Only an appointed coordinator does that.
/// </param>
public sealed record SignSheet(string Signature, Guid? Supersedes = null);

public static class SignSheetEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sheets/{id:guid}/signature", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Sign an attendance sheet as a whole")
            .WithExample(new SignSheet("eyJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9.eyJzaGVldElkIjouLi59.c2lnbmF0dXJl"));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, SignSheet command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return CoordinatorsSheet.ChangeAsync(id, expected, caller, http, session, now, async (sheet, organisation) =>
        {
            var earlier = command.Supersedes is { } other && other != id ? await session.Events.FetchForWriting<Sheet>(other, ct) : null;
            var decision = Decide(sheet, earlier?.Aggregate, organisation, await session.MatchingRuleOfAsync(organisation.Id, ct), caller.Id, command, now);
            if (decision.Events.OfType<SheetSigned>().Any())
            {
                earlier?.AppendOne(new SheetSuperseded(id, now));
            }

            return decision;
        }, ct);
    }

    /// <summary>Pure.</summary>
    /// <param name="earlier">The sheet that is to be superseded, as it was found.</param>
    public static Decision Decide(Sheet sheet, Sheet? earlier, Organisation organisation, MatchingRule rule, Guid by, SignSheet command, DateTimeOffset now)
    {
        if (Rules.Text("signature", command.Signature, SignatureRefusal.MostCharacters) is { } broken)
        {
            return broken;
        }

        if (sheet.Status != SheetStatus.Received)
        {
            return sheet.Signature == command.Signature ? Decision.Nothing : CoordinatorsSheet.NotOpen;
        }

        if (organisation.SuspendedAt is not null)
        {
            return Organisation.Suspended;
        }

        if (sheet.Unresolved > 0)
        {
            return CoordinatorsSheet.PeopleUnresolved;
        }

        if (sheet.Rows == 0)
        {
            return Refusal.Conflict("nothing-to-sign", "No row of this sheet was accepted.");
        }

        if (command.Supersedes is not null)
        {
            if (!organisation.IsAppointed(by, now))
            {
                return CoordinatorsCase.NotForDeputies;
            }

            if (earlier is not { Status: SheetStatus.Signed } || earlier.OrganisationId != sheet.OrganisationId)
            {
                return Refusal.Conflict("sheet-not-superseded", "Only a signed sheet of the same organisation that still stands can be superseded.");
            }
        }

        var signed = SignatureCheck.Check(command.Signature, sheet.Statement(rule, command.Supersedes), organisation.Keys, now);
        return signed.Fault is { } fault
            ? SignatureRefusal.OnRecord(
                fault, signed.Kid, command.Signature, now, (reason, kid, sha256, at) => new SheetSignatureRefused(reason, kid, sha256, at))
            : Decision.Append(new SheetSigned(
                signed.Kid!, command.Signature, now, signed.Key, rule.ConfirmsWithin, signed.Statement, command.Supersedes,
                organisation.InThePlaceOf(by, now) is { Count: > 0 } coordinators ? coordinators : null));
    }
}
