using System.Security.Cryptography;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Documents.Credentials;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.EventSourcing;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>
/// <c>POST /api/v1/extracts</c>: orders an extract of the confirmed work in one's own book (F3, F8, N6): everything, a period, an organisation, or totals only,
/// as the book is now or as it stood. It is there when the answer is: a signed PDF with everything needed to check it, and an Open Badges credential.
/// </summary>
/// <param name="Language"><c>ru</c> or <c>en</c>.</param>
/// <param name="From">First day of the work; null for all.</param>
/// <param name="To">Last day.</param>
/// <param name="OrganisationId">Only the work with one organisation.</param>
/// <param name="TotalsOnly">Sums without the entries.</param>
/// <param name="AsOf">As the book stood at a moment; null for now.</param>
/// <param name="WithBirthDate">Whether the holder's birth date is shown.</param>
/// <param name="NameInCredential">Whether the credential discloses the holder's name.</param>
/// <param name="WithClaimed">Whether entries that no organisation has confirmed are told too: apart, marked, and not in the totals.</param>
public sealed record OrderExtract(
    string Language = "ru", DateOnly? From = null, DateOnly? To = null, Guid? OrganisationId = null, bool TotalsOnly = false, DateTimeOffset? AsOf = null,
    bool WithBirthDate = false, bool NameInCredential = false, bool WithClaimed = false);

/// <summary>What was issued.</summary>
/// <param name="Id">The extract.</param>
/// <param name="Number">The number on it.</param>
/// <param name="Sha256">Of the signed file, hexadecimal.</param>
public sealed record ExtractReceipt(Guid Id, string Number, string Sha256);

public static class OrderExtractEndpoint
{
    /// <summary>The most entries that one document holds; more are ordered by period.</summary>
    public const int MostEntries = 2000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/extracts", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Order an extract of your book")
            .WithExample(new OrderExtract("ru", new DateOnly(2026, 1, 1), new DateOnly(2026, 12, 31)));

    private static async Task<Results<Created<ExtractReceipt>, ProblemHttpResult>> Handle(
        OrderExtract command, Caller caller, HttpContext http, PastBooks books, IDocumentSession session, WriteDocument write, Names names, IssuerKeys issuer,
        TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (Check(command, now) is { } broken)
        {
            return broken.ToProblem();
        }

        if (await names.OfCallerAsync(http, ct) is not { } holder)
        {
            return NotRegistered.ToProblem();
        }

        var scope = new ExtractScope(command.From, command.To, command.OrganisationId, command.TotalsOnly, WithClaimed: command.WithClaimed);
        DateTimeOffset asOf;
        IReadOnlyList<Written> entries;
        await using (var book = await books.AsOfAsync(caller.Id, command.AsOf, ct))
        {
            (asOf, entries) = (command.AsOf ?? book.At, Written.InScope(await book.EntriesAsync(ct), scope));
        }

        if (entries.Count > MostEntries)
        {
            return Refusal.Conflict(
                "too-many-entries",
                $"An extract can hold at most {MostEntries} entries; order it for a period, for an organisation or as totals only.").ToProblem();
        }

        var id = Guid.CreateVersion7();
        var number = DocumentNumber.New(now);
        var document = await write.OfAsync(
            session, entries, scope, command.WithBirthDate ? holder : holder with { BirthDate = null }, caller.Id, number, command.Language, asOf, now, ct);
        if (CharactersNotWritten.In(document) is { } unwritten)
        {
            return unwritten.ToProblem();
        }

        var keys = await issuer.GetAsync(ct);
        var file = await SignedExtract.Make(document, keys.Documents, keys.TimeStamps, ct);
        var index = await IssueCertificates.NextStatusIndexAsync(session, id, ct);
        var credential = VerifiableCredential.Sign(
            AchievementCredential.OfExtract(
                document, $"urn:uuid:{id}", issuer.Credentials, new CredentialRecipient($"urn:uuid:{caller.Id}", command.NameInCredential ? holder.Name : null),
                GetStatusListEndpoint.PlaceOf(issuer, index)),
            issuer.Credentials, keys.Credentials);

        var held = entries.Where(entry => entry.IsConfirmed).Select(entry => new HeldConfirmation(entry.Entry.Id, entry.Entry.Confirmation!.Revision)).ToList();
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
        var grades = document.Totals.Aggregate(GradedMinutes.None, (sum, total) => sum.And(total.Grade, total.Minutes));
        session.Events.StartStream<Extract>(
            id, new ExtractIssued(caller.Id, number, command.Language, scope, asOf, grades, document.Points, held.Count, held, sha256, index, now));
        session.QueueSqlCommand("insert into extract_files (extract_id, volunteer_id, file, credential) values (?, ?, ?, ?)", id, caller.Id, file, credential);
        session.QueueSqlCommand(
            "insert into extract_holds (extract_id, certificate_id, status_index) select ?, held, ? from unnest(?::uuid[]) held",
            id, index, held.Select(one => Certificate.IdOf(one.EntryId, one.Revision)).ToArray());
        await session.SaveChangesAsync(ct);
        ETag.Set(http, 1);
        return TypedResults.Created($"/api/v1/extracts/{id}", new ExtractReceipt(id, number, sha256));
    }

    public static Refusal? Check(OrderExtract command, DateTimeOffset now) => Refusal.All(
    [
        command.Language is "ru" or "en" ? null : Refusal.Invalid("unknown-language", "language", "The language of a document must be ru or en."),
        command.To < command.From ? Refusal.Invalid("period-reversed", "to", "A period must end on the day it begins or later.") : null,
        command.AsOf > now ? Refusal.Invalid("moment-in-the-future", "asOf", "The moment must be now or in the past.") : null,
    ]);

    internal static Refusal NotRegistered { get; } = Refusal.Conflict("not-registered", "Documents bear the holder's name: register as a volunteer first.");
}
