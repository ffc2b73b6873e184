using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Documents.Credentials;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Ledger.Issuer;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>
/// <c>GET /api/v1/status-lists/{list}</c>: which credentials were revoked, for everyone: a W3C Bitstring Status List of 131,072 places, signed, VC-JWT. A
/// credential of an entry is revoked with its confirmation; one of an extract as soon as any confirmation is that it speaks of.
/// </summary>
public static class GetStatusListEndpoint
{
    private static readonly TimeSpan Valid = TimeSpan.FromMinutes(15);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/status-lists/{list:int}", Handle).AllowAnonymous()
            .Produces<string>(StatusCodes.Status200OK, VerifiableCredential.MediaType)
            .WithSummary("Which credentials were revoked: a signed bitstring status list");

    /// <summary>Where the credential with this index finds its bit.</summary>
    public static CredentialStatus PlaceOf(IssuerKeys issuer, int index) => new(Url(issuer, index / StatusList.FewestPlaces), index % StatusList.FewestPlaces);

    private static string Url(IssuerKeys issuer, int list) => $"{issuer.Address.ToString().TrimEnd('/')}/api/v1/status-lists/{list}";

    private static async Task<Results<ContentHttpResult, NotFound>> Handle(
        int list, HttpContext http, IssuerKeys issuer, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        var set = new List<int>();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Revoked)
        {
            Parameters = { new() { Value = list * (long)StatusList.FewestPlaces }, new() { Value = StatusList.FewestPlaces } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select coalesce(max(index), 0) from credential_status"));
        long issued;
        await using (var reader = await batch.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                set.Add(reader.GetInt32(0));
            }

            await reader.NextResultAsync(ct);
            await reader.ReadAsync(ct);
            issued = reader.GetInt64(0);
        }

        if (list < 0 || list > issued / StatusList.FewestPlaces)
        {
            return TypedResults.NotFound();
        }

        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var keys = await issuer.GetAsync(ct);
        http.Response.Headers.CacheControl = "public, max-age=30";
        return TypedResults.Text(
            VerifiableCredential.Sign(
                StatusList.Of(set).Credential(Url(issuer, list), issuer.Credentials, now, now + Valid), issuer.Credentials, keys.Credentials),
            VerifiableCredential.MediaType);
    }

    private const string Revoked =
        """
        with ended as (select id, status_index from mt_doc_certificate where revoked_at is not null)
        select (status_index - $1)::int from ended where status_index >= $1 and status_index < $1 + $2
        union
        select (held.status_index - $1)::int from ended join extract_holds held on held.certificate_id = ended.id
            where held.status_index >= $1 and held.status_index < $1 + $2
        """;
}
