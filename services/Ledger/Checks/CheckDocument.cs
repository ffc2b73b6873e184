using System.Security.Cryptography;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using VolunteerBook.Documents.Checks;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Checks;

/// <summary>What is known of a document that was issued. It names no person: who holds the document reads the name there.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Kind"><c>extract</c> or <c>certificate</c>.</param>
/// <param name="Issuer">Who issued it.</param>
/// <param name="IssuedAt">When, UTC.</param>
/// <param name="Stands">Whether everything that it speaks of still stands.</param>
/// <param name="Scope">What of the book it holds.</param>
/// <param name="AsOf">The moment as of which it tells the book, UTC.</param>
/// <param name="Grades">Minutes by how well they are evidenced, of an extract.</param>
/// <param name="Sha256">Of the signed file, of an extract.</param>
/// <param name="Changed">What changed since.</param>
public sealed record IssuedDocument(
    string Number, string Kind, string Issuer, DateTimeOffset IssuedAt, bool Stands,
    ExtractScope Scope, DateTimeOffset AsOf, GradedMinutes? Grades, string? Sha256,
    IReadOnlyList<EndedConfirmation> Changed);

/// <summary>The answer to a check.</summary>
/// <param name="Valid">Whether it was issued here, is unchanged where a file was handed in, and still stands.</param>
/// <param name="File">What a check of the file alone found; null where a number was asked.</param>
/// <param name="Issued">What is known of it; null where nothing is.</param>
public sealed record CheckAnswer(bool Valid, CheckReport? File, IssuedDocument? Issued);

/// <summary>A number to be checked.</summary>
public sealed record CheckNumber(string Number);

/// <summary>
/// <c>POST /api/v1/checks</c>, <c>GET /api/v1/checks/{number}</c>: checks a document for a stranger, without an account: by its number (JSON), or the file
/// itself (<c>application/pdf</c>, or <c>application/vc+jwt</c>, or <c>application/jose</c>). Answers what was issued, by whom, when, whether it still stands
/// and what changed since. A file is read and forgotten.
/// </summary>
public static class CheckDocumentEndpoint
{
    private const string Urn = "urn:uuid:";

    /// <summary>
    /// The most bytes that are received: as many as the gateway lets through. Cut off below that, a sender would hear of
    /// a broken connection and not of the bound.
    /// </summary>
    private const long MostBytesSent = 64 * 1024 * 1024;

    /// <summary>The most bytes of a number as JSON.</summary>
    private const int MostNumberBytes = 1024;

    private static readonly Refusal TooLarge = new(
        "too-large", StatusCodes.Status413PayloadTooLarge,
        $"The file must have at most {Check.MostPdfBytes / 1024 / 1024} MiB if it is a PDF, and at most {Check.MostTextBytes / 1024} KiB otherwise.", "file");

    private static readonly Refusal Busy = new(
        "checks-busy", StatusCodes.Status503ServiceUnavailable, "Too many documents are waiting to be checked; please try again shortly.");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/checks", OfBody).AllowAnonymous().ChangesNothing().WithMetadata(new RequestSizeLimitAttribute(MostBytesSent))
            .Accepts<CheckNumber>("application/json", "application/pdf", "application/vc+jwt", "application/jose")
            .WithSummary("Check a document by its number or by the file")
            .WithExample(new CheckNumber("VB-2026-7QX4M-K2DT9"));
        routes.MapGet("/checks/{number}", OfNumber).AllowAnonymous().WithSummary("Check a document by its number, as its QR code does");
    }

    private static async Task<Results<Ok<CheckAnswer>, NotFound, ProblemHttpResult>> OfNumber(
        string number, HttpContext http, IQuerySession session, IssuerKeys issuer, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return DocumentNumber.Read(number) is { } read && await FindAsync(read, session, issuer, ct) is { } issued
            ? TypedResults.Ok(new CheckAnswer(issued.Stands, null, issued))
            : TypedResults.NotFound();
    }

    private static async Task<Results<Ok<CheckAnswer>, NotFound, ProblemHttpResult>> OfBody(
        HttpContext http, IQuerySession session, IssuerKeys issuer, CheckTurns turns, TimeProvider clock, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true)
        {
            // No more is kept than a number takes; what is longer goes by, so that its sender hears the answer.
            var body = new byte[MostNumberBytes + 1];
            var length = await http.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, ct);
            if (length == body.Length)
            {
                return Refusal.Invalid("number-too-long", "number", "The body must be {\"number\": \"VB-…\"} and nothing else.").ToProblem();
            }

            http.Request.Body = new MemoryStream(body, 0, length);
            return await OfNumber((await http.ReadJsonAsync<CheckNumber>(ct)).Number, http, session, issuer, ct);
        }

        await using var received = new ReceivedStream();
        if (!await turns.ReceiveAsync(http.Request.Body, received, Check.MostPdfBytes, ct))
        {
            return SentAway(http);
        }

        if (received.Length == 0)
        {
            return Refusal.Invalid("file-missing", "file", "Send the number as JSON, or the file itself.").ToProblem();
        }

        if (received.Length > Check.MostPdfBytes)
        {
            return TooLarge.ToProblem();
        }

        var keys = await issuer.GetAsync(ct);
        using var turn = await turns.WaitAsync(ct);
        if (turn is null)
        {
            return SentAway(http);
        }

        var file = await ReadAsync(received, turn.Room, ct);
        if (file.Length > Check.MostTextBytes && !Check.IsPdf(file.Span))
        {
            return TooLarge.ToProblem();
        }

        // On a thread of its own: in the pool, which has a thread for each processor, everybody else's requests would wait behind it.
        var report = await Task.Factory.StartNew(
            () => Check.Offline(file, new CheckTrust(keys.Roots()), clock.GetUtcNow()), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        // What nobody vouches for is looked up nowhere.
        var issued = !report.Ok ? null
            : NumberIn(report) is { } number ? await FindAsync(number, session, issuer, ct)
            : CredentialIn(report) is { } credential ? await FindAsync(credential, session, issuer, ct)
            : null;
        // An extract is one file; a certificate's pages are made anew each time, and each is as good.
        var same = issued?.Sha256 is not { } sha256 || report.Kind != CheckedKind.Pdf || sha256 == Convert.ToHexStringLower(SHA256.HashData(file.Span));
        return TypedResults.Ok(new CheckAnswer(report.Ok && same && issued?.Stands == true, report, issued));
    }

    private static ProblemHttpResult SentAway(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "5";
        return Busy.ToProblem();
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(ReceivedStream received, byte[] room, CancellationToken ct)
    {
        var file = room.AsMemory(0, (int)received.Length);
        received.Position = 0;
        await received.ReadExactlyAsync(file, ct);
        return file;
    }

    private static string? NumberIn(CheckReport report) =>
        report.Findings.FirstOrDefault(finding => finding.About == "document") is { } finding ? DocumentNumber.Read(finding.Text.Split(',')[0]) : null;

    private static Guid? CredentialIn(CheckReport report) =>
        report.Findings.FirstOrDefault(finding => finding.About == "id") is { Text: var id }
            && id.StartsWith(Urn, StringComparison.Ordinal) && Guid.TryParseExact(id[Urn.Length..], "D", out var guid) ? guid : null;

    private static async Task<IssuedDocument?> FindAsync(string number, IQuerySession session, IssuerKeys issuer, CancellationToken ct) =>
        await session.Query<Extract>().FirstOrDefaultAsync(extract => extract.Number == number, ct) is { } found ? await OfAsync(found, session, issuer, ct)
        : await session.Query<Certificate>().FirstOrDefaultAsync(certificate => certificate.Number == number, ct) is { } certificate ? Of(certificate, issuer)
        : null;

    private static async Task<IssuedDocument?> FindAsync(Guid credential, IQuerySession session, IssuerKeys issuer, CancellationToken ct) =>
        await session.LoadAsync<Extract>(credential, ct) is { } extract ? await OfAsync(extract, session, issuer, ct)
        : await session.LoadAsync<Certificate>(credential, ct) is { } certificate ? Of(certificate, issuer)
        : null;

    private static async Task<IssuedDocument> OfAsync(Extract extract, IQuerySession session, IssuerKeys issuer, CancellationToken ct)
    {
        var changed = await session.ChangedSinceAsync(extract.Holds, ct);
        return new IssuedDocument(
            extract.Number, "extract", issuer.Name, extract.IssuedAt, changed.Count == 0, extract.Scope, extract.AsOf, extract.Grades, extract.Sha256, changed);
    }

    private static IssuedDocument Of(Certificate certificate, IssuerKeys issuer) => new(
        certificate.Number, "certificate", issuer.Name, certificate.IssuedAt, certificate.RevokedAt is null,
        new ExtractScope(EntryId: certificate.EntryId), certificate.IssuedAt, null, null,
        certificate.RevokedAt is { } at ? [new EndedConfirmation(certificate.EntryId, certificate.Revision, certificate.Superseded, at)] : []);
}
