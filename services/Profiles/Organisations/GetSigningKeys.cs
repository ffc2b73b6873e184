using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Organisations;

/// <summary>A signing key as its organisation sees it.</summary>
/// <param name="Kid">RFC 7638 thumbprint, base64url.</param>
/// <param name="Name">What its coordinators call it.</param>
/// <param name="Jwk">The public key.</param>
/// <param name="ValidFrom">First instant of validity, UTC.</param>
/// <param name="ValidUntil">First instant after it, UTC; null while it has no end.</param>
/// <param name="RegisteredAt">UTC.</param>
/// <param name="RevokedAt">UTC; null unless revoked.</param>
/// <param name="RevocationReason">Null unless revoked.</param>
public sealed record SigningKeyView(
    string Kid, string Name, PublicJwk Jwk, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset RegisteredAt,
    DateTimeOffset? RevokedAt, string? RevocationReason);

/// <summary>A P-256 public key (RFC 7518 section 6.2).</summary>
public sealed record PublicJwk(string Kty, string Crv, string X, string Y);

/// <summary>GET /api/v1/organisations/{id}/keys: for its coordinators and the administrator.</summary>
public static class GetSigningKeysEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/keys", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("An organisation's signing keys, revoked ones too");

    private static async Task<Results<Ok<IReadOnlyList<SigningKeyView>>, NotFound>> Handle(
        Guid id, Caller caller, HttpContext http, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        if (await session.LoadAsync<Organisation>(id, ct) is not { } organisation || !organisation.MayBeRunBy(caller, clock.GetUtcNow()))
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, organisation.Version);
        return TypedResults.Ok<IReadOnlyList<SigningKeyView>>([.. organisation.Keys.Select(key => new SigningKeyView(
            key.Kid, key.Label, new PublicJwk("EC", "P-256", key.X, key.Y), key.ValidFrom, key.ValidUntil, key.RegisteredAt, key.RevokedAt, key.RevocationReason))]);
    }
}
