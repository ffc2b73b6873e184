using Microsoft.AspNetCore.Http.HttpResults;

namespace VolunteerBook.Ledger.Issuer;

/// <summary>
/// <c>GET /api/v1/issuer/root</c>, for everyone: the root's certificate (PEM), with which a stranger trusts what the portal
/// issued, and those of earlier roots behind it.
/// </summary>
public static class GetIssuerRootEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/issuer/root", Handle)
            .AllowAnonymous()
            .Produces<string>(StatusCodes.Status200OK, "application/x-pem-file")
            .WithSummary("The certificate of the root that certifies the portal's keys");

    private static async Task<ContentHttpResult> Handle(IssuerKeys issuer, CancellationToken ct) =>
        TypedResults.Text((await issuer.GetAsync(ct)).RootPem, "application/x-pem-file");
}
