using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>POST /api/v1/organisations/{id}/keys/{kid}/revocation: from now on the key signs nothing new.</summary>
/// <param name="Reason">Why: 1 to 1000 characters.</param>
public sealed record RevokeSigningKey(string Reason);

public static class RevokeSigningKeyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/keys/{kid}/revocation", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Revoke a signing key")
            .WithExample(new RevokeSigningKey("Ноутбук потерян."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, string kid, RevokeSigningKey command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct) =>
        OrganisationChange.ChangeAsync(id, expected, http, session,
            organisation => organisation.MayBeRunBy(caller, clock.GetUtcNow()) && organisation.Keys.Any(key => key.Kid == kid),
            organisation => Decide(organisation, organisation.Keys.First(key => key.Kid == kid), command, clock.GetUtcNow()), ct);

    /// <summary>Pure. A revoked key stays revoked, for the first reason given.</summary>
    public static Decision Decide(Organisation organisation, SigningKey key, RevokeSigningKey command, DateTimeOffset now)
    {
        if (Rules.Text("reason", command.Reason, 1000) is { } refusal)
        {
            return refusal;
        }

        return key.RevokedAt is not null
            ? Decision.Nothing
            : Decision.Append(new SigningKeyRevoked(organisation.Id, key.Kid, command.Reason.Trim(), now));
    }
}
