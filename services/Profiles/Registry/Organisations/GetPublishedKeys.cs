using System.Text.Json.Serialization;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>An organisation's keys as a JWK Set (RFC 7517, section 5): those of the past too, for what they signed in their time stands.</summary>
/// <param name="Keys">The P-256 keys, oldest first.</param>
/// <param name="Certificates">The certificates of ГОСТ Р 34.10-2012, for which there is no kind of JWK, oldest first.</param>
public sealed record PublishedKeys(IReadOnlyList<PublishedKey> Keys, IReadOnlyList<PublishedCertificate> Certificates)
{
    internal static PublishedKeys Of(Organisation organisation) => new(
        [.. organisation.Keys.Where(key => key.Certificate is null).Select(PublishedKey.Of)],
        [.. organisation.Keys.Where(key => key.Certificate is not null).Select(PublishedCertificate.Of)]);
}

/// <summary>
/// A P-256 key that signs by ES256 (RFC 7517, RFC 7518). Its times are members of OpenID Federation 1.0, section 8.7.2, in
/// seconds since 1970 (RFC 7519, NumericDate).
/// </summary>
/// <param name="Kid">RFC 7638 thumbprint, base64url.</param>
/// <param name="Kty"><c>EC</c></param>
/// <param name="Crv"><c>P-256</c></param>
/// <param name="X">x coordinate, base64url.</param>
/// <param name="Y">y coordinate, base64url.</param>
/// <param name="Use"><c>sig</c></param>
/// <param name="Alg"><c>ES256</c></param>
/// <param name="Nbf">First second of its validity.</param>
/// <param name="Exp">First second after it; absent while it has no end.</param>
/// <param name="Revoked">Absent unless the organisation revoked it.</param>
public sealed record PublishedKey(
    string Kid, string Kty, string Crv, string X, string Y, string Use, string Alg, long Nbf,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Exp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KeyRevocation? Revoked)
{
    internal static PublishedKey Of(SigningKey key) => new(
        key.Kid, "EC", "P-256", key.X, key.Y, "sig", "ES256", key.ValidFrom.ToUnixTimeSeconds(), key.ValidUntil?.ToUnixTimeSeconds(), KeyRevocation.Of(key));
}

/// <summary>A certificate (RFC 5280) by whose key the organisation signs.</summary>
/// <param name="Kid">SHA-256 of the certificate, base64url.</param>
/// <param name="X5c">The certificate alone, DER in base64 (RFC 7517, section 4.7).</param>
/// <param name="Nbf">First second in which the organisation signs by it.</param>
/// <param name="Exp">First second after it; absent while it has no end but the certificate's own.</param>
/// <param name="Revoked">Absent unless the organisation revoked it.</param>
public sealed record PublishedCertificate(
    string Kid, IReadOnlyList<string> X5c, long Nbf,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Exp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KeyRevocation? Revoked)
{
    internal static PublishedCertificate Of(SigningKey key) => new(
        key.Kid, [key.Certificate!], key.ValidFrom.ToUnixTimeSeconds(), key.ValidUntil?.ToUnixTimeSeconds(), KeyRevocation.Of(key));
}

/// <summary>That a key signs nothing more. Why is the organisation's own affair.</summary>
/// <param name="RevokedAt">Since when, in seconds since 1970.</param>
public sealed record KeyRevocation([property: JsonPropertyName("revoked_at")] long RevokedAt)
{
    internal static KeyRevocation? Of(SigningKey key) => key.RevokedAt is { } at ? new KeyRevocation(at.ToUnixTimeSeconds()) : null;
}

/// <summary>
/// <c>GET /api/v1/organisations/{id}/jwks.json</c>: for everybody, so that whoever holds a signature can ask whose it is
/// without trusting the document it came in.
/// </summary>
public static class GetPublishedKeysEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/jwks.json", Handle)
            .AllowAnonymous()
            .Produces<PublishedKeys>(StatusCodes.Status200OK, "application/jwk-set+json")
            .WithSummary("An approved organisation's public keys, as a JWK Set");

    private static async Task<Results<JsonHttpResult<PublishedKeys>, NotFound>> Handle(Guid id, IQuerySession session, CancellationToken ct) =>
        await session.LoadAsync<Organisation>(id, ct) is { Status: OrganisationStatus.Approved } organisation
            ? TypedResults.Json(PublishedKeys.Of(organisation), contentType: "application/jwk-set+json")
            : TypedResults.NotFound();
}
