using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>A signing key as its organisation sees it.</summary>
/// <param name="Kid">RFC 7638 thumbprint of a P-256 key, SHA-256 of a certificate; base64url.</param>
/// <param name="Name">What its coordinators call it.</param>
/// <param name="Jwk">The public key; null where there is a certificate.</param>
/// <param name="ValidFrom">First instant of validity, UTC.</param>
/// <param name="ValidUntil">First instant after it, UTC; null while it has no end.</param>
/// <param name="RegisteredAt">UTC.</param>
/// <param name="RevokedAt">UTC; null unless revoked.</param>
/// <param name="RevocationReason">Null unless revoked.</param>
/// <param name="Certificate">The certificate of a key of ГОСТ Р 34.10-2012; null for a P-256 key.</param>
/// <param name="Proven">
/// Whether who registered it proved to hold the private half; false for keys from before that was asked for, which serve as they did.
/// </param>
public sealed record SigningKeyView(
    string Kid, string Name, PublicJwk? Jwk, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset RegisteredAt,
    DateTimeOffset? RevokedAt, string? RevocationReason, CertificateView? Certificate, bool Proven)
{
    public static SigningKeyView Of(SigningKey key) => new(
        key.Kid, key.Label, key.Certificate is null ? new PublicJwk("EC", "P-256", key.X, key.Y) : null, key.ValidFrom, key.ValidUntil, key.RegisteredAt,
        key.RevokedAt, key.RevocationReason, CertificateView.Of(key.Certificate), key.Proven);
}

/// <summary>An X.509 certificate (RFC 5280).</summary>
/// <param name="Subject">Whom it names, in RFC 4514 form.</param>
/// <param name="Issuer">Who issued it, likewise.</param>
/// <param name="NotAfter">Last instant of its own validity, UTC.</param>
/// <param name="Der">The certificate, base64.</param>
public sealed record CertificateView(string Subject, string Issuer, DateTimeOffset NotAfter, string Der)
{
    public static CertificateView? Of(string? der) =>
        der is not null && GostCertificate.Read(der) is { } certificate ? new(certificate.Subject, certificate.Issuer, certificate.NotAfter, der) : null;
}

/// <summary>A P-256 public key (RFC 7518 section 6.2).</summary>
public sealed record PublicJwk(string Kty, string Crv, string X, string Y);

/// <summary>GET /api/v1/organisations/{id}/keys: for its coordinators, their deputies and the administrator.</summary>
public static class GetSigningKeysEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/keys", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("An organisation's signing keys, including revoked ones");

    private static async Task<Results<Ok<IReadOnlyList<SigningKeyView>>, NotFound>> Handle(
        Guid id, Caller caller, HttpContext http, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await session.LoadAsync<Organisation>(id, ct) is not { } organisation
            || !(organisation.MayBeRunBy(caller, now) || (await session.DeputisedByAsync(caller.Id, now, ct)).Any(deputised => deputised.Id == id)))
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, organisation.Version);
        return TypedResults.Ok<IReadOnlyList<SigningKeyView>>([.. organisation.Keys.Select(SigningKeyView.Of)]);
    }
}
