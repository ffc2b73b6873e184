using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.Mail;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts.Deliveries;

/// <summary>
/// <c>POST /api/v1/extracts/{id}/deliveries</c>: gives an extract of one's own to somebody. With <c>email</c> alone the PDF goes by mail; with
/// <c>recipient</c> a link is made for a person or a body that is named, which ends by itself; with both the link goes by mail. A mail that cannot be
/// sent here is 409 <c>mail-not-configured</c>.
/// </summary>
/// <param name="Email">Where the mail goes; null for none.</param>
/// <param name="Language">The mail's: <c>ru</c> or <c>en</c>.</param>
/// <param name="Recipient">For whom the link is, at most 200 characters; null for no link.</param>
/// <param name="DaysValid">How long the link leads to the extract, 1 to 365 days.</param>
public sealed record DeliverExtract(string? Email = null, string Language = "ru", string? Recipient = null, int DaysValid = 30);

/// <summary>What was made.</summary>
/// <param name="Id">The delivery.</param>
/// <param name="Link">The link's address. It is told this once; a repeat under the same key does not tell it again.</param>
/// <param name="Until">When the link ends, UTC.</param>
public sealed record DeliveryReceipt(Guid Id, string? Link, DateTimeOffset? Until);

public static class DeliverExtractEndpoint
{
    /// <summary>The most that one extract is given away: it is a document, not a way to write to strangers.</summary>
    public const int MostDeliveries = 100;

    private const int LongestRecipient = 200;
    private const int MostDays = 365;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/extracts/{id:guid}/deliveries", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .TellOnce("link")
            .WithSummary("Give somebody an extract: by e-mail, by a link that expires, or by e-mailing the link")
            .WithExample(new DeliverExtract(Recipient: "Приёмная комиссия МГУ", DaysValid: 30));

    private static async Task<Results<Created<DeliveryReceipt>, NotFound, ProblemHttpResult>> Handle(
        Guid id, DeliverExtract command, Caller caller, HttpContext http, IQuerySession known, OneTransaction transaction, NpgsqlDataSource database,
        OutgoingMail mail, Names names, IssuerKeys issuer, TimeProvider clock, CancellationToken ct)
    {
        if (await known.LoadAsync<Extract>(id, ct) is not { } extract || extract.VolunteerId != caller.Id)
        {
            return TypedResults.NotFound();
        }

        if (await names.OfCallerAsync(http, ct) is not { Name: var giver })
        {
            return OrderExtractEndpoint.NotRegistered.ToProblem();
        }

        var attached = command is { Email: not null, Recipient: null } ? (await GetExtractsEndpoint.ReadAsync<byte[]>(database, "file", id, ct))! : null;
        // Under the lock: what is given away at the same moment is counted.
        await using var session = await transaction.AloneWithAsync(id, ct);
        var stands = (await session.ChangedSinceAsync(extract.Holds, ct)).Count == 0;
        var soFar = await session.Query<Delivery>().CountAsync(delivery => delivery.ExtractId == id, ct);
        var decision = Decide(extract, stands, soFar, command, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        var delivery = Guid.CreateVersion7();
        var delivered = (ExtractDelivered)decision.Events[0];
        var token = delivered.Until is null ? null : LinkToken.New();
        var link = token is null ? null : $"{issuer.Address.ToString().TrimEnd('/')}/shared/{token}";
        session.Events.StartStream<Delivery>(delivery, delivered);
        session.QueueSqlCommand(
            "insert into extract_deliveries (delivery_id, extract_id, volunteer_id, giver) values (?, ?, ?, ?)", delivery, id, caller.Id, giver);
        if (token is not null)
        {
            session.QueueSqlCommand(
                "update extract_deliveries set recipient = ?, token_hash = ? where delivery_id = ?",
                command.Recipient!.Trim(), LinkToken.Hash(token), delivery);
        }

        if (command.Email is { } email)
        {
            var file = attached is null ? null : new MailAttachment($"{extract.Number}.pdf", SignedExtract.MediaType, attached);
            var letter = DeliveryMail.Of(command.Language, email, giver, extract.Number, issuer, file, link, delivered.Until);
            session.QueueSqlCommand(
                "update extract_deliveries set email = ?, mail_id = ? where delivery_id = ?", email, mail.Queue(session, caller.Id, letter), delivery);
        }

        await session.SaveChangesAsync(ct);
        ETag.Set(http, 1);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/v1/extracts/{id}/deliveries", new DeliveryReceipt(delivery, link, delivered.Until));
    }

    public static Decision Decide(Extract extract, bool stands, int soFar, DeliverExtract command, DateTimeOffset now) =>
        Check(command) is { } broken ? broken
        : !stands ? Refusal.Conflict("document-changed", "A confirmation listed in this extract no longer stands; order a new extract.")
        : soFar >= MostDeliveries ? Refusal.Conflict("too-many-deliveries", $"An extract can be given away at most {MostDeliveries} times; order a new one.")
        : Decision.Append(new ExtractDelivered(
            extract.VolunteerId, extract.Id, command.Email is not null, command.Recipient is null ? null : now.AddDays(command.DaysValid), now));

    private static Refusal? Check(DeliverExtract command) => Refusal.All(
    [
        command is { Email: null, Recipient: null }
            ? Refusal.Invalid("recipient-missing", "recipient", "Name the recipient of a link, or give an e-mail address.")
            : null,
        command.Email is null ? null : MailMessage.CheckAddress("email", command.Email),
        command.Recipient is null ? null : Rules.Line("recipient", command.Recipient, LongestRecipient),
        command.DaysValid is >= 1 and <= MostDays ? null : Refusal.Invalid("days-out-of-range", "daysValid", $"A link must be valid for 1 to {MostDays} days."),
        command.Language is "ru" or "en" ? null : Refusal.Invalid("unknown-language", "language", "The language of the e-mail must be ru or en."),
    ]);
}
