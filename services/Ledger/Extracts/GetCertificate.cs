using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Documents.Credentials;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>
/// <c>GET /api/v1/entries/{id}/certificate</c> and <c>/entries/{id}/credential</c>: the certificate of hours of a confirmed entry of one's own as a signed PDF
/// (F28, F33), and as an Open Badges 3.0 credential. Both were issued by themselves with the confirmation; the pages are made here, under their number.
/// </summary>
public static class GetCertificateEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/entries/{id:guid}/certificate", Pages).RequireAuthorization(Policies.Volunteer)
            .Produces<string>(StatusCodes.Status200OK, SignedExtract.MediaType).WithSummary("The certificate of hours for a confirmed entry, as a signed PDF");
        routes.MapGet("/entries/{id:guid}/credential", Credential).RequireAuthorization(Policies.Volunteer)
            .Produces<string>(StatusCodes.Status200OK, VerifiableCredential.MediaType).WithSummary("The credential for a confirmed entry, as a VC-JWT");
    }

    private static async Task<Results<FileContentHttpResult, NotFound, ProblemHttpResult>> Pages(
        Guid id, Caller caller, HttpContext http, IQuerySession session, WriteDocument write, Names names, IssuerKeys issuer, TimeProvider clock,
        CancellationToken ct, string language = "ru")
    {
        if (language is not ("ru" or "en"))
        {
            return Refusal.Invalid("unknown-language", "language", "The language of a document must be ru or en.").ToProblem();
        }

        var (entry, certificate) = await StandingAsync(id, caller, session, ct);
        if (entry is null)
        {
            return TypedResults.NotFound();
        }

        if (certificate is null)
        {
            return NotIssued<FileContentHttpResult>(entry);
        }

        if (await names.OfCallerAsync(http, ct) is not { } holder)
        {
            return OrderExtractEndpoint.NotRegistered.ToProblem();
        }

        var document = await DocumentAsync(entry, certificate.Number, write, session, holder with { BirthDate = null }, language, clock.GetUtcNow(), ct);
        if (CharactersNotWritten.In(document) is { } unwritten)
        {
            return unwritten.ToProblem();
        }

        var keys = await issuer.GetAsync(ct);
        return TypedResults.Bytes(
            await SignedExtract.Make(document, keys.Documents, keys.TimeStamps, ct), SignedExtract.MediaType, $"{certificate.Number}.pdf");
    }

    private static async Task<Results<ContentHttpResult, NotFound, ProblemHttpResult>> Credential(
        Guid id, Caller caller, IQuerySession session, WriteDocument write, IssuerKeys issuer, CancellationToken ct, string language = "ru")
    {
        if (language is not ("ru" or "en"))
        {
            return Refusal.Invalid("unknown-language", "language", "The language of a document must be ru or en.").ToProblem();
        }

        var (entry, certificate) = await StandingAsync(id, caller, session, ct);
        if (entry is null)
        {
            return TypedResults.NotFound();
        }

        if (certificate is null)
        {
            return NotIssued<ContentHttpResult>(entry);
        }

        var document = await DocumentAsync(entry, certificate.Number, write, session, ("", null), language, certificate.IssuedAt, ct);
        var credential = AchievementCredential.OfEntry(
            document.Entries[0], language, $"urn:uuid:{certificate.Id}", issuer.Credentials, new CredentialRecipient($"urn:uuid:{caller.Id}"),
            DateTimeOffset.FromUnixTimeSeconds(certificate.IssuedAt.ToUnixTimeSeconds()), GetStatusListEndpoint.PlaceOf(issuer, certificate.StatusIndex));
        return TypedResults.Text(
            VerifiableCredential.Sign(credential, issuer.Credentials, (await issuer.GetAsync(ct)).Credentials), VerifiableCredential.MediaType);
    }

    // A confirmed entry of the caller's own, and its certificate where one could be issued.
    private static async Task<(EntryView? Entry, Certificate? Certificate)> StandingAsync(
        Guid id, Caller caller, IQuerySession session, CancellationToken ct) =>
        await session.LoadAsync<EntryView>(id, ct) is { Confirmation: { } standing } entry && entry.VolunteerId == caller.Id
            ? (entry, await session.LoadAsync<Certificate>(Certificate.IdOf(id, standing.Revision), ct)) : default;

    // See IssueCertificates: an entry has none only where its own words cannot be written.
    private static Results<TDone, NotFound, ProblemHttpResult> NotIssued<TDone>(EntryView entry) where TDone : IResult =>
        CharactersNotWritten.In(entry.Project, entry.Place, StatusCodes.Status409Conflict) is { } unwritten ? unwritten.ToProblem() : TypedResults.NotFound();

    // The rest of the book says what of the entry counts in another one.
    private static async Task<ExtractDocument> DocumentAsync(
        EntryView entry, string number, WriteDocument write, IQuerySession session,
        (string, DateOnly?) holder, string language, DateTimeOffset at, CancellationToken ct)
    {
        var scope = new ExtractScope(EntryId: entry.Id);
        var book = await session.Query<EntryView>().Where(one => one.VolunteerId == entry.VolunteerId && one.Status == EntryStatus.Confirmed).ToListAsync(ct);
        return await write.OfAsync(session, Written.InScope(book, scope), scope, holder, entry.VolunteerId, number, language, at, at, ct);
    }
}
