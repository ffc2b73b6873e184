using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Extracts;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>
/// <c>GET /api/v1/entries/{id}/certificate</c> and <c>/entries/{id}/credential</c>: the certificate of hours of a confirmed entry of one's own as a signed PDF (F28, F33), and as an Open Badges 3.0
/// credential. Both were issued by themselves with the confirmation; the pages are made here, under their number.
/// </summary>
public static class GetCertificateEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/entries/{id:guid}/certificate", Pages).RequireAuthorization(Policies.Volunteer)
            .Produces<string>(StatusCodes.Status200OK, SignedExtract.MediaType).WithSummary("The certificate of hours of a confirmed entry, a signed PDF");
        routes.MapGet("/entries/{id:guid}/credential", Credential).RequireAuthorization(Policies.Volunteer)
            .Produces<string>(StatusCodes.Status200OK, VerifiableCredential.MediaType).WithSummary("The credential of a confirmed entry, VC-JWT");
    }

    private static async Task<Results<FileContentHttpResult, NotFound, ProblemHttpResult>> Pages(
        Guid id, Caller caller, HttpContext http, IQuerySession session, WriteDocument write, Names names, IssuerKeys issuer, TimeProvider clock, CancellationToken ct, string language = "ru")
    {
        if (language is not ("ru" or "en"))
        {
            return Refusal.Invalid("unknown-language", "language", "Documents are in ru or en.").ToProblem();
        }

        if (await StandingAsync(id, caller, session, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        if (await names.OfCallerAsync(http, ct) is not { } holder)
        {
            return OrderExtractEndpoint.NotRegistered.ToProblem();
        }

        var document = await DocumentAsync(found, write, session, holder with { BirthDate = null }, language, clock.GetUtcNow(), ct);
        if (OrderExtractEndpoint.CannotWrite(document) is { } unwritten)
        {
            return unwritten.ToProblem();
        }

        var keys = await issuer.GetAsync(ct);
        return TypedResults.Bytes(await SignedExtract.Make(document, keys.Documents, keys.TimeStamps, ct), SignedExtract.MediaType, $"{found.Certificate.Number}.pdf");
    }

    private static async Task<Results<ContentHttpResult, NotFound, ProblemHttpResult>> Credential(
        Guid id, Caller caller, IQuerySession session, WriteDocument write, IssuerKeys issuer, CancellationToken ct, string language = "ru")
    {
        if (language is not ("ru" or "en"))
        {
            return Refusal.Invalid("unknown-language", "language", "Documents are in ru or en.").ToProblem();
        }

        if (await StandingAsync(id, caller, session, ct) is not { } found)
        {
            return TypedResults.NotFound();
        }

        var document = await DocumentAsync(found, write, session, ("", null), language, found.Certificate.IssuedAt, ct);
        var credential = AchievementCredential.OfEntry(
            document.Entries[0], language, $"urn:uuid:{found.Certificate.Id}", issuer.Credentials, new CredentialRecipient($"urn:uuid:{caller.Id}"),
            DateTimeOffset.FromUnixTimeSeconds(found.Certificate.IssuedAt.ToUnixTimeSeconds()), GetStatusListEndpoint.PlaceOf(issuer, found.Certificate.StatusIndex));
        return TypedResults.Text(VerifiableCredential.Sign(credential, issuer.Credentials, (await issuer.GetAsync(ct)).Credentials), VerifiableCredential.MediaType);
    }

    private static async Task<(Entry Entry, Certificate Certificate)?> StandingAsync(Guid id, Caller caller, IQuerySession session, CancellationToken ct) =>
        await session.LoadAsync<Entry>(id, ct) is { Confirmation: { } standing } entry && entry.VolunteerId == caller.Id
        && await session.LoadAsync<Certificate>(Certificate.IdOf(id, standing.Revision), ct) is { } certificate ? (entry, certificate) : null;

    // The rest of the book says what of the entry counts in another one.
    private static async Task<ExtractDocument> DocumentAsync(
        (Entry Entry, Certificate Certificate) found, WriteDocument write, IQuerySession session, (string, DateOnly?) holder, string language, DateTimeOffset at, CancellationToken ct)
    {
        var scope = new ExtractScope(EntryId: found.Entry.Id);
        var book = await session.Query<Entry>().Where(entry => entry.VolunteerId == found.Entry.VolunteerId && entry.Status == EntryStatus.Confirmed).ToListAsync(ct);
        return await write.OfAsync(session, Written.InScope(book, scope), scope, holder, found.Entry.VolunteerId, found.Certificate.Number, language, at, at, ct);
    }
}
