using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Profiles.Registry.Organisations;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Invitations;

/// <summary>An invitation that can still be accepted.</summary>
/// <param name="Id">The invitation.</param>
/// <param name="Version">The ETag's number: what <c>If-Match</c> takes.</param>
/// <param name="Email">Where its mail went.</param>
/// <param name="By">Who invited.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Until">When its link ends, UTC.</param>
public sealed record InvitationView(Guid Id, int Version, string Email, Guid By, DateTimeOffset At, DateTimeOffset Until);

/// <summary>
/// <c>GET /api/v1/organisations/{id}/invitations</c>: those that wait, the newest first, for the organisation's coordinators and the administrator.
/// </summary>
public static class GetInvitationsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/invitations", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("An organisation's open invitations");

    private static async Task<Results<Ok<IReadOnlyList<InvitationView>>, NotFound>> Handle(
        Guid id, Caller caller, HttpContext http, IQuerySession session, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await session.LoadAsync<Organisation>(id, ct) is not { } organisation || !organisation.MayBeRunBy(caller, now))
        {
            return TypedResults.NotFound();
        }

        var waiting = await session.Query<Invitation>()
            .Where(invitation => invitation.OrganisationId == id && invitation.Status == InvitationStatus.Open && invitation.Until > now)
            .OrderByDescending(invitation => invitation.At).ToListAsync(ct);
        var addresses = await AddressesAsync(database, [.. waiting.Select(invitation => invitation.Id)], ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<InvitationView>>([.. waiting.Where(invitation => addresses.ContainsKey(invitation.Id)).Select(invitation =>
            new InvitationView(invitation.Id, invitation.Version, addresses[invitation.Id], invitation.By, invitation.At, invitation.Until))]);
    }

    private static async Task<Dictionary<Guid, string>> AddressesAsync(NpgsqlDataSource database, Guid[] invitations, CancellationToken ct)
    {
        var addresses = new Dictionary<Guid, string>();
        await using var command = database.CreateCommand(
            "select invitation_id, email from registry.coordinator_invitations where invitation_id = any($1) and email is not null");
        command.Parameters.Add(new() { Value = invitations });
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            addresses[rows.GetGuid(0)] = rows.GetString(1);
        }

        return addresses;
    }
}
