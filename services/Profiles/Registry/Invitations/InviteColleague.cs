using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Mail;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Invitations;

/// <summary>
/// <c>POST /api/v1/organisations/{id}/invitations</c>: a mail takes a colleague a link by which they become a coordinator, once they have
/// signed in and said what they are called (E29). The link serves once, for 14 days, and nobody else gets to know it. Where no mail can be
/// sent it is 409 <c>mail-not-configured</c>.
/// </summary>
/// <param name="Email">Where the mail goes.</param>
/// <param name="Language">The mail's: <c>ru</c> or <c>en</c>.</param>
public sealed record InviteColleague(string Email, string Language = "ru");

/// <summary>Who was invited.</summary>
/// <param name="Id">The invitation.</param>
/// <param name="Until">When its link ends, UTC.</param>
public sealed record InvitationReceipt(Guid Id, DateTimeOffset Until);

public static class InviteColleagueEndpoint
{
    /// <summary>The most invitations of an organisation within a day, whatever became of them: mail is somebody's to read.</summary>
    public const int MostADay = 20;

    private const int DaysValid = 14;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/invitations", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Invite a colleague by e-mail to be a coordinator")
            .WithExample(new InviteColleague("petrova@example.org"));

    private static async Task<Results<Created<InvitationReceipt>, NotFound, ProblemHttpResult>> Handle(
        Guid id, InviteColleague command, Caller caller, HttpContext http, IQuerySession known, OneTransaction transaction, OutgoingMail mail,
        IConfiguration configuration, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await known.LoadAsync<Organisation>(id, ct) is not { } seen || !seen.MayBeRunBy(caller, now))
        {
            return TypedResults.NotFound();
        }

        // Under the lock: who invites at the same moment is counted, and what became of the organisation and of its coordinators meanwhile is seen.
        await using var session = await transaction.AloneWithAsync(id, ct);
        if (await session.LoadAsync<Organisation>(id, ct) is not { } organisation || !organisation.MayBeRunBy(caller, now))
        {
            return TypedResults.NotFound();
        }

        var yesterday = now.AddDays(-1);
        var decision = Decide(
            organisation, await session.Query<Invitation>().CountAsync(invitation => invitation.OrganisationId == id && invitation.At > yesterday, ct),
            caller.Id, command, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        var (invitation, invited, token) = (Guid.CreateVersion7(), (ColleagueInvited)decision.Events[0], LinkToken.New());
        var address = configuration["Issuer:Address"] is { Length: > 0 } configured ? configured.TrimEnd('/') : "http://localhost:8080";
        var sent = mail.Queue(
            session, caller.Id, InvitationMail.Of(command.Language, command.Email, organisation.Name, $"{address}/invitation/{token}", invited.Until));
        session.Events.StartStream<Invitation>(invitation, invited);
        session.QueueSqlCommand(
            "insert into registry.coordinator_invitations (invitation_id, email, mail_id, token_hash) values (?, ?, ?, ?)",
            invitation, command.Email, sent, LinkToken.Hash(token));
        await session.SaveChangesAsync(ct);
        ETag.Set(http, 1);
        return TypedResults.Created($"/api/v1/organisations/{id}/invitations", new InvitationReceipt(invitation, invited.Until));
    }

    /// <summary>Pure.</summary>
    public static Decision Decide(Organisation organisation, int withinADay, Guid by, InviteColleague command, DateTimeOffset now) =>
        Refusal.All(
        [
            MailMessage.CheckAddress("email", command.Email),
            command.Language is "ru" or "en" ? null : Refusal.Invalid("unknown-language", "language", "The language of the e-mail must be ru or en."),
        ]) is { } broken ? broken
        : organisation.Status != OrganisationStatus.Approved ? Refusal.Conflict("organisation-not-approved",
            "Only an approved organisation can have coordinators.")
        : withinADay >= MostADay ? Refusal.Conflict(
            "too-many-invitations", $"An organisation can invite at most {MostADay} people within a day; try again tomorrow.")
        : Decision.Append(new ColleagueInvited(organisation.Id, by, now.AddDays(DaysValid), now));
}
