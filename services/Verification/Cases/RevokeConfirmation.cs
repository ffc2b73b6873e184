using System.Text.Json.Nodes;
using JasperFx.Events;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;
using VolunteerBook.Verification.Reviews;

namespace VolunteerBook.Verification.Cases;

/// <summary>
/// <c>POST /api/v1/cases/{id}/revocation</c>: takes a confirmation back, under the organisation's signature (N10). What was signed stays on record; the
/// entry's hours and points no longer count.
/// </summary>
/// <param name="Reason">Why, for the volunteer to read; at most 2000 characters. Its SHA-256 is part of what is signed.</param>
/// <param name="Signature">
/// Compact JWS, header <c>{"alg":"ES256","kid":…}</c>, payload the bytes of
/// <c>POST /api/v1/cases/{id}/revocation-statement</c>; or a detached CMS over that.
/// </param>
public sealed record RevokeConfirmation(string Reason, string Signature);

/// <summary>Asks what is to be signed to revoke a confirmation for this reason.</summary>
/// <param name="Reason">Why, at most 2000 characters.</param>
public sealed record RevocationStatement(string Reason);

public static class RevokeConfirmationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/cases/{id:guid}/revocation", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Revoke a confirmation with an electronic signature")
            .WithExample(new RevokeConfirmation(
                "Смена не состоялась: подпись поставлена по ошибке.", "eyJhbGciOiJFUzI1NiIsImtpZCI6Ii4uLiJ9.eyJjYXNlSWQiOi4uLn0.c2lnbmF0dXJl"));
        // A reason is too long for an address.
        routes.MapPost("/cases/{id:guid}/revocation-statement", Bytes)
            .RequireAuthorization(Policies.Coordinator)
            .Produces<JsonObject>()
            .ChangesNothing()
            .WithSummary("The canonical bytes to sign to revoke a confirmation")
            .WithExample(new RevocationStatement("Смена не состоялась: подпись поставлена по ошибке."));
    }

    private static async Task<Results<FileContentHttpResult, NotFound, ProblemHttpResult>> Bytes(
        Guid id, RevocationStatement command, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Case>(id, ct) is not { } found
            || await session.LoadAsync<Organisation>(found.OrganisationId, ct) is not { } organisation
            || !organisation.IsCoordinator(caller.Id, clock.GetUtcNow()))
        {
            return TypedResults.NotFound();
        }

        return !organisation.IsAppointed(caller.Id, clock.GetUtcNow()) ? CoordinatorsCase.NotForDeputies.ToProblem()
            : Rules.Text("reason", command.Reason, 2000) is { } broken ? broken.ToProblem()
            : found.Status != CaseStatus.Confirmed ? NotConfirmed.ToProblem()
            : TypedResults.Bytes(Statement.OfRevocation(found, command.Reason), "application/json");
    }

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, RevokeConfirmation command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return CoordinatorsCase.DecideAsync(
            id, expected, caller, http, session, now,
            async (found, organisation) =>
            {
                if (!organisation.IsAppointed(caller.Id, now))
                {
                    return CoordinatorsCase.NotForDeputies;
                }

                var later = await LaterAsync(session, found, ct);
                var decision = Decide(found, organisation, IsSuperseded(later), command, now);
                if (decision.Events.OfType<ConfirmationRevoked>().Any())
                {
                    await MarkAsync(session, found, later, now, ct);
                }

                return decision;
            }, ct);
    }

    public static Decision Decide(Case found, Organisation organisation, bool superseded, RevokeConfirmation command, DateTimeOffset now)
    {
        if (Refusal.All(
            [Rules.Text("reason", command.Reason, 2000), Rules.Text("signature", command.Signature, SignatureRefusal.MostCharacters)]) is { } broken)
        {
            return broken;
        }

        if (found.Status != CaseStatus.Confirmed)
        {
            return found.Revocation?.Signature == command.Signature ? Decision.Nothing : NotConfirmed;
        }

        if (superseded)
        {
            return Refusal.Conflict("confirmation-superseded", "A later confirmation has replaced this one; revoke the later one.");
        }

        var signed = SignatureCheck.Check(command.Signature, Statement.OfRevocation(found, command.Reason), organisation.Keys, now);
        return signed.Fault is { } fault
            ? SignatureRefusal.OnRecord(fault, signed.Kid, command.Signature, now)
            : Decision.Append(new ConfirmationRevoked(
                found.EntryId, found.Revision, found.OrganisationId, command.Reason, signed.Kid!, command.Signature, now));
    }

    /// <summary>
    /// What rests on a confirmation that is taken back is marked, in the same transaction, so that none is forgotten: reviews, which stay, and an amendment
    /// of it that is before the organisation.
    /// </summary>
    internal static async Task MarkAsync(
        IDocumentSession session, Case found, IEnumerable<IEventStream<Case>> later, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var amending in later.Where(stream =>
            stream.Aggregate is { Status: CaseStatus.Open, Amends: { } standing } && standing.Revision == found.Revision))
        {
            amending.AppendOne(new AmendedConfirmationRevoked(now));
        }

        foreach (var side in Enum.GetValues<ReviewSide>())
        {
            var stream = await session.Events.FetchForWriting<Review>(Review.IdOf(found.EntryId, side), ct);
            if (stream.Aggregate is { ConfirmationRevokedAt: null })
            {
                stream.AppendOne(new ReviewedConfirmationRevoked(now));
            }
        }
    }

    private static Refusal NotConfirmed { get; } = Refusal.Conflict("case-not-confirmed", "Only a confirmation that stands can be revoked.");

    /// <summary>
    /// Later submissions of the same entry that may be, or were, confirmed: each is confirmed only by who has seen what is appended to it here.
    /// </summary>
    internal static async Task<IReadOnlyList<IEventStream<Case>>> LaterAsync(IDocumentSession session, Case found, CancellationToken ct)
    {
        var ids = await session.Query<Case>()
            .Where(later => later.EntryId == found.EntryId && later.Revision > found.Revision
                && (later.Status == CaseStatus.Open || later.Status == CaseStatus.Confirmed || later.Status == CaseStatus.Revoked))
            .Select(later => later.Id).ToListAsync(ct);
        List<IEventStream<Case>> streams = [];
        foreach (var id in ids)
        {
            streams.Add(await session.Events.FetchForWriting<Case>(id, ct));
        }

        return streams;
    }

    // One that was confirmed and taken back has replaced it too: nothing stands.
    internal static bool IsSuperseded(IEnumerable<IEventStream<Case>> later) =>
        later.Any(stream => stream.Aggregate is { Status: CaseStatus.Confirmed or CaseStatus.Revoked });
}
