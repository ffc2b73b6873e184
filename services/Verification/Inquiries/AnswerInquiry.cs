using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Inquiries;

/// <summary>
/// <c>POST /api/v1/inquiries/{token}</c>: answers, once, without an account. A yes confirms the case, without a signature; a no leaves it open, and the
/// organisation reads why. Answered or ended it is 410, decided meanwhile 409; a link that never was is 404. Whom it is about does not answer it (409
/// <c>own-hours</c>), as far as the caller is known.
/// </summary>
/// <param name="Confirms">Whether all that the question says is true.</param>
/// <param name="Reason">Why not, at most 2000 characters; needed with a no.</param>
public sealed record AnswerInquiry(bool Confirms, string? Reason = null);

public static class AnswerInquiryEndpoint
{
    private const int LongestReason = 2000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/inquiries/{token}", Handle)
            .AllowAnonymous()
            .WithSummary("Answer a question about a volunteer's work, once")
            .WithExample(new AnswerInquiry(false, "В этот день меня там не было."));

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        string token, AnswerInquiry command, Caller caller, IDocumentSession session, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        if (await session.FindInquiryAsync(database, token, ct) is not { Inquiry.Id: var id, Case.Id: var caseId })
        {
            return TypedResults.NotFound();
        }

        // Both streams at the versions on which it is decided: two answers at once, or an answer and a decision, are one. The case first: who comes second then
        // finds the inquiry answered, and not a case that somebody decided.
        var (of, inquiry) = (await session.Events.FetchForWriting<Case>(caseId, ct), await session.Events.FetchForWriting<Inquiry>(id, ct));
        // An earlier version let a coordinator ask about their own work; such a link may still be under way. And whoever opens it may be known, by a
        // session in the portal, to be whom it is about.
        var asked = (await session.Events.FetchStreamAsync(id, version: 1, token: ct))[0].UserName;
        var whose = of.Aggregate!.VolunteerId;
        var suspended = await session.LoadAsync<Organisation>(of.Aggregate.OrganisationId, ct) is { SuspendedAt: not null };
        var decision = suspended && command.Confirms ? Organisation.Suspended
            : (Guid.TryParse(asked, out var by) && OwnHours.Are(whose, by, [])) || (caller.IsSignedIn && OwnHours.Are(whose, caller.Id, []))
            ? OwnHours.Refused
            : Decide(inquiry.Aggregate!, of.Aggregate!, await session.PointsOfAsync(of.Aggregate!, ct), command, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        inquiry.AppendMany(decision.Events.OfType<InquiryAnswered>());
        of.AppendMany(decision.Events.OfType<CaseConfirmed>());
        // Who answered has no account; the inquiry says whom the organisation asked.
        session.LastModifiedBy = $"inquiry:{id}";
        await session.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    public static Decision Decide(Inquiry inquiry, Case found, int points, AnswerInquiry command, DateTimeOffset now) =>
        inquiry.Closed(found, now) is { } closed ? closed
        : (command.Confirms ? Rules.OptionalText("reason", command.Reason, LongestReason) : Rules.Text("reason", command.Reason, LongestReason)) is { } broken
            ? broken
        : command.Confirms && CoordinatorsCase.Unconfirmable(found.Facts(), now) is { } refused ? refused
        : command.Confirms ? Decision.Append(
            new InquiryAnswered(true, null, now, inquiry.CaseId, inquiry.OrganisationId),
            new CaseConfirmed(found.EntryId, found.Revision, found.OrganisationId, null, null, now, points))
        : Decision.Append(new InquiryAnswered(false, command.Reason!.Trim(), now, inquiry.CaseId, inquiry.OrganisationId));
}
