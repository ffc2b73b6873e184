using Marten;
using Marten.Linq.MatchesSql;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>An issued extract, and whether what it says still stands.</summary>
/// <param name="Extract">As it was issued.</param>
/// <param name="Stands">False once a confirmation that it speaks of was revoked or superseded.</param>
/// <param name="Changed">What changed since: the confirmations that no longer stand.</param>
public sealed record ExtractView(Extract Extract, bool Stands, IReadOnlyList<EndedConfirmation> Changed);

/// <summary>A confirmation that no longer stands.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission.</param>
/// <param name="Superseded">True where a later confirmation took its place, false where it was revoked.</param>
/// <param name="At">When, UTC.</param>
public sealed record EndedConfirmation(Guid EntryId, int Revision, bool Superseded, DateTimeOffset At);

/// <summary><c>GET /api/v1/extracts</c>, <c>/extracts/{id}</c>, its file and its credential: one's own.</summary>
public static class GetExtractsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/extracts", List).RequireAuthorization(Policies.Volunteer).WithSummary("Your extracts, latest first, or those with a part of a number");
        routes.MapGet("/extracts/{id:guid}", Detail)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("One of your extracts, and whether it still stands");
        routes.MapGet("/extracts/{id:guid}/file", File).RequireAuthorization(Policies.Volunteer)
            .Produces<string>(StatusCodes.Status200OK, SignedExtract.MediaType).WithSummary("The signed PDF");
        routes.MapGet("/extracts/{id:guid}/credential", Credential).RequireAuthorization(Policies.Volunteer)
            .Produces<string>(StatusCodes.Status200OK, VerifiableCredential.MediaType).WithSummary("The Open Badges 3.0 credential, VC-JWT");
    }

    private static async Task<Ok<Page<Extract>>> List(
        Caller caller, IQuerySession session, CancellationToken ct, string? q = null, string? after = null, [PageSize] int? limit = null)
    {
        if (Rules.OptionalText("q", q, 100) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        var size = Cursor.Limit(limit);
        var own = session.Query<Extract>().Where(extract => extract.VolunteerId == caller.Id);
        // A number is of letters of ASCII, all capital.
        foreach (var part in SearchWords.Of(q).Select(word => word.ToUpperInvariant()))
        {
            own = own.Where(extract => extract.MatchesSql("position(? in d.data ->> 'number') > 0", part));
        }

        if (Cursor.Parse(after) is { } cursor)
        {
            own = own.Where(extract => extract.IssuedAt < cursor.At || (extract.IssuedAt == cursor.At && extract.Id.CompareTo(cursor.Id) < 0));
        }

        var rows = await own.OrderByDescending(extract => extract.IssuedAt).ThenByDescending(extract => extract.Id).Take(size + 1).ToListAsync(ct);
        return TypedResults.Ok(Page.Of(rows, size, extract => new Cursor(extract.IssuedAt, extract.Id)));
    }

    private static async Task<Results<Ok<ExtractView>, NotFound>> Detail(Guid id, Caller caller, HttpContext http, IQuerySession session, CancellationToken ct)
    {
        if (await OwnAsync(id, caller, session, ct) is not { } extract)
        {
            return TypedResults.NotFound();
        }

        var changed = await session.ChangedSinceAsync(extract.Holds, ct);
        ETag.Set(http, extract.Version);
        return TypedResults.Ok(new ExtractView(extract, changed.Count == 0, changed));
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> File(
        Guid id, Caller caller, IQuerySession session, NpgsqlDataSource database, CancellationToken ct) =>
        await OwnAsync(id, caller, session, ct) is { } extract && await ReadAsync<byte[]>(database, "file", id, ct) is { } file
            ? TypedResults.Bytes(file, SignedExtract.MediaType, $"{extract.Number}.pdf")
            : TypedResults.NotFound();

    private static async Task<Results<ContentHttpResult, NotFound>> Credential(
        Guid id, Caller caller, IQuerySession session, NpgsqlDataSource database, CancellationToken ct) =>
        await OwnAsync(id, caller, session, ct) is not null && await ReadAsync<string>(database, "credential", id, ct) is { } credential
            ? TypedResults.Text(credential, VerifiableCredential.MediaType)
            : TypedResults.NotFound();

    private static async Task<Extract?> OwnAsync(Guid id, Caller caller, IQuerySession session, CancellationToken ct) =>
        await session.LoadAsync<Extract>(id, ct) is { } extract && extract.VolunteerId == caller.Id ? extract : null;

    /// <summary>The file or the credential of an extract, as it was issued; null where it was removed.</summary>
    internal static async Task<T?> ReadAsync<T>(NpgsqlDataSource database, string column, Guid id, CancellationToken ct) where T : class
    {
        await using var command = database.CreateCommand($"select {column} from extract_files where extract_id = $1");
        command.Parameters.Add(new() { Value = id });
        return await command.ExecuteScalarAsync(ct) as T;
    }

    /// <summary>Which of these confirmations no longer stand.</summary>
    internal static async Task<IReadOnlyList<EndedConfirmation>> ChangedSinceAsync(
        this IQuerySession session, IEnumerable<HeldConfirmation> held, CancellationToken ct)
    {
        var ids = held.Select(one => Certificate.IdOf(one.EntryId, one.Revision)).ToArray();
        var ended = await session.Query<Certificate>().Where(certificate => ids.Contains(certificate.Id) && certificate.RevokedAt != null).ToListAsync(ct);
        return [.. ended.OrderBy(certificate => certificate.RevokedAt)
            .Select(certificate => new EndedConfirmation(certificate.EntryId, certificate.Revision, certificate.Superseded, certificate.RevokedAt!.Value))];
    }
}
