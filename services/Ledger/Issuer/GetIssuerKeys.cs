using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace VolunteerBook.Ledger.Issuer;

/// <summary>
/// The keys of credentials, for everyone, where the standards look for them: at <c>/.well-known/jwks.json</c> (RFC 7517) and in the DID document
/// at <c>/.well-known/did.json</c> (did:web).
/// </summary>
public static class GetIssuerKeysEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/.well-known/jwks.json", Jwks).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/.well-known/did.json", Did).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<Ok<JsonObject>> Jwks(IssuerKeys issuer, CancellationToken ct) =>
        TypedResults.Ok(issuer.Credentials.Jwks((await issuer.GetAsync(ct)).CredentialKeys));

    private static async Task<Ok<JsonObject>> Did(IssuerKeys issuer, CancellationToken ct) =>
        TypedResults.Ok(issuer.Credentials.DidDocument((await issuer.GetAsync(ct)).CredentialKeys));
}
