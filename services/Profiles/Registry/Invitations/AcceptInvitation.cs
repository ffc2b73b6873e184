using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.Mail;
using VolunteerBook.Profiles.People;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Invitations;

/// <summary>What an invitation's link shows to who signed in with it.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Organisation">Its name.</param>
/// <param name="Until">When the link ends, UTC.</param>
public sealed record OfferedInvitation(Guid OrganisationId, string Organisation, DateTimeOffset Until);

/// <summary>
/// <c>POST /api/v1/invitations/{token}</c>: who signed in and has the link becomes a coordinator of the organisation. Used, ended, taken back and never given
/// are one 404. Without a name it is 409 <c>no-name</c>: colleagues must know who decides beside them (<c>PUT /api/v1/people/me</c>).
/// </summary>
public static class AcceptInvitationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/invitations/{token}", Read).RequireAuthorization(Policies.Volunteer).WithSummary("What you are invited to");
        routes.MapPost("/invitations/{token}", Handle).RequireAuthorization(Policies.Volunteer).WithSummary("Accept an invitation to be a coordinator");
    }

    private static async Task<Results<Ok<OfferedInvitation>, NotFound>> Read(
        string token, HttpContext http, IQuerySession session, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return await FindAsync(database, token, ct) is { } id
            && await session.LoadAsync<Invitation>(id, ct) is { } invitation && invitation.Serves(clock.GetUtcNow())
            && await session.LoadAsync<Organisation>(invitation.OrganisationId, ct) is { } organisation
                ? TypedResults.Ok(new OfferedInvitation(organisation.Id, organisation.Name, invitation.Until))
                : TypedResults.NotFound();
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        string token, Caller caller, IDocumentSession session, NpgsqlDataSource database, INames names, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var named = (await names.OfAsync(session, [caller.Id], ct)).GetValueOrDefault(caller.Id) is not null;
        if (await FindAsync(database, token, ct) is not { } id)
        {
            return TypedResults.NotFound();
        }

        var stream = await session.Events.FetchForWriting<Invitation>(id, ct);
        if (stream.Aggregate is not { } invitation || !invitation.Serves(now))
        {
            return TypedResults.NotFound();
        }

        if (!named)
        {
            return RequiredName.NoName.ToProblem();
        }

        var organisation = await session.Events.FetchForWriting<Organisation>(invitation.OrganisationId, ct);
        var appointed = organisation.Aggregate!.IsCoordinatedBy(caller.Id, now)
            ? Decision.Nothing
            : AppointCoordinatorEndpoint.Decide(organisation.Aggregate, new AppointCoordinator(caller.Id), now);
        if (appointed.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        organisation.AppendMany(appointed.Events);
        stream.AppendOne(new InvitationAccepted(invitation.OrganisationId, caller.Id, now));
        session.ForgetAddress(id);
        await session.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }

    private static async Task<Guid?> FindAsync(NpgsqlDataSource database, string token, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select invitation_id from registry.coordinator_invitations where token_hash = $1");
        command.Parameters.Add(new() { Value = LinkToken.Hash(token) });
        return await command.ExecuteScalarAsync(ct) as Guid?;
    }
}
