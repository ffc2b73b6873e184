using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace VolunteerBook.Ledger.Issuer;

/// <summary>
/// What a stranger needs to trust what the portal issued, for everyone: the root's certificate (PEM), and those of earlier roots behind it, at <c>GET
/// /api/v1/issuer/root</c>, the keys of credentials at <c>/.well-known/jwks.json</c> (RFC 7517) and in the DID document at <c>/.well-known/did.json</c>
/// (did:web).
/// </summary>
public static class GetIssuerEndpoint
{
    public static void Map(IEndpointRouteBuilder api, IEndpointRouteBuilder root)
    {
        api.MapGet("/issuer/root", Root).AllowAnonymous().Produces<string>(StatusCodes.Status200OK, "application/x-pem-file").WithSummary("The certificate of the root that certifies the portal's keys");
        root.MapGet("/.well-known/jwks.json", Jwks).AllowAnonymous().ExcludeFromDescription();
        root.MapGet("/.well-known/did.json", Did).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<ContentHttpResult> Root(IssuerKeys issuer, CancellationToken ct) =>
        TypedResults.Text((await issuer.GetAsync(ct)).RootPem, "application/x-pem-file");

    private static async Task<Ok<JsonObject>> Jwks(IssuerKeys issuer, CancellationToken ct) =>
        TypedResults.Ok(issuer.Credentials.Jwks((await issuer.GetAsync(ct)).CredentialKeys));

    private static async Task<Ok<JsonObject>> Did(IssuerKeys issuer, CancellationToken ct) =>
        TypedResults.Ok(issuer.Credentials.DidDocument((await issuer.GetAsync(ct)).CredentialKeys));
}
