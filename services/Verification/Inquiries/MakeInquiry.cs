using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Mail;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Inquiries;

/// <summary>
/// <c>POST /api/v1/cases/{id}/inquiries</c>: a coordinator asks somebody who was there to confirm an open case (F10). A mail takes them a
/// link that serves once; nobody else gets to know it, the coordinator neither. About their own work nobody asks. Where no mail can be
/// sent it is 409 <c>mail-not-configured</c>.
/// </summary>
/// <param name="Name">Who is asked, at most 200 characters.</param>
/// <param name="Email">Where the mail goes.</param>
/// <param name="DaysValid">How long the link serves, 1 to 30 days.</param>
/// <param name="Language">The mail's: <c>ru</c> or <c>en</c>.</param>
public sealed record MakeInquiry(string Name, string Email, int DaysValid = 14, string Language = "ru");

/// <summary>What was asked.</summary>
/// <param name="Id">The inquiry.</param>
/// <param name="Until">When its link ends, UTC.</param>
public sealed record InquiryReceipt(Guid Id, DateTimeOffset Until);

public static class MakeInquiryEndpoint
{
    /// <summary>The most people who are asked about one case.</summary>
    public const int MostInquiries = 10;

    private const int MostDays = 30;
    private const int LongestName = 200;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/inquiries", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Ask somebody who was there but has no account to confirm a case")
            .WithExample(new MakeInquiry("Мария Ивановна Петрова", "petrova@example.org", 14));

    private static async Task<Results<Created<InquiryReceipt>, NotFound, ProblemHttpResult>> Handle(
        Guid id, MakeInquiry command, Caller caller, HttpContext http, IQuerySession known, OneTransaction transaction, OutgoingMail mail, VolunteerNames names,
        IConfiguration configuration, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await known.LoadAsync<Case>(id, ct) is not { } found
            || await known.LoadAsync<Organisation>(found.OrganisationId, ct) is not { } organisation || !organisation.IsCoordinator(caller.Id, now))
        {
            return TypedResults.NotFound();
        }

        if (organisation.RefusesToEvidence(found.VolunteerId, caller.Id, now) is { } forbidden)
        {
            return forbidden.ToProblem();
        }

        var volunteer = await names.AsSeenByCallerAsync(found.VolunteerId, http, ct);
        // Under the lock: who asks at the same moment is counted, and what was decided meanwhile is seen.
        await using var session = await transaction.AloneWithAsync(id, ct);
        var decision = Decide(
            (await session.LoadAsync<Case>(id, ct))!, await session.Query<Inquiry>().CountAsync(inquiry => inquiry.CaseId == id, ct), command, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        var (inquiry, made, token) = (Guid.CreateVersion7(), (InquiryMade)decision.Events[0], LinkToken.New());
        var address = configuration["Issuer:Address"] is { Length: > 0 } configured ? configured.TrimEnd('/') : "http://localhost:8080";
        var sent = mail.Queue(session, caller.Id, InquiryMail.Of(command.Language, command.Email, organisation.Name, $"{address}/inquiry/{token}", made.Until));
        session.Events.StartStream<Inquiry>(inquiry, made);
        session.QueueSqlCommand(
            "insert into case_inquiries (inquiry_id, volunteer_id, volunteer, name, email, mail_id, token_hash) values (?, ?, nullif(?, ''), ?, ?, ?, ?)",
            inquiry, found.VolunteerId, volunteer ?? "", command.Name.Trim(), command.Email, sent, LinkToken.Hash(token));
        await session.SaveChangesAsync(ct);
        ETag.Set(http, 1);
        return TypedResults.Created($"/api/v1/cases/{id}/inquiries", new InquiryReceipt(inquiry, made.Until));
    }

    public static Decision Decide(Case found, int soFar, MakeInquiry command, DateTimeOffset now) =>
        Check(command) is { } broken ? broken
        : found.Status != CaseStatus.Open ? CoordinatorsCase.NotOpen
        : soFar >= MostInquiries ? Refusal.Conflict("too-many-inquiries", $"At most {MostInquiries} people can be asked about a case.")
        : Decision.Append(new InquiryMade(found.Id, found.OrganisationId, now.AddDays(command.DaysValid), now));

    private static Refusal? Check(MakeInquiry command) => Refusal.All(
    [
        Rules.Line("name", command.Name, LongestName),
        MailMessage.CheckAddress("email", command.Email),
        command.DaysValid is >= 1 and <= MostDays ? null : Refusal.Invalid("days-out-of-range", "daysValid", $"A link must be valid for 1 to {MostDays} days."),
        command.Language is "ru" or "en" ? null : Refusal.Invalid("unknown-language", "language", "The language of the e-mail must be ru or en."),
    ]);
}
