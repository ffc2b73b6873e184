using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Invitations;

/// <summary><c>DELETE /api/v1/organisations/{id}/invitations/{invitationId}</c>: the link serves no more.</summary>
public static class WithdrawInvitationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapDelete("/organisations/{id:guid}/invitations/{invitationId:guid}", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Withdraw an invitation");

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, Guid invitationId, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var stream = await session.Events.FetchForWriting<Invitation>(invitationId, ct);
        if (stream.Aggregate is not { } invitation || invitation.OrganisationId != id
            || await session.LoadAsync<Organisation>(id, ct) is not { } organisation || !organisation.MayBeRunBy(caller, now))
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = Decide(invitation, caller.Id, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        session.ForgetAddress(invitationId);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    /// <summary>Pure.</summary>
    public static Decision Decide(Invitation invitation, Guid by, DateTimeOffset now) => invitation.Status switch
    {
        InvitationStatus.Withdrawn => Decision.Nothing,
        InvitationStatus.Accepted => Refusal.Conflict("invitation-accepted", "This invitation has already been accepted; remove the coordinator instead."),
        _ => Decision.Append(new InvitationWithdrawn(invitation.OrganisationId, by, now)),
    };
}
