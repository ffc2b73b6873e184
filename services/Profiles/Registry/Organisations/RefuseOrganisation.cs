using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>POST /api/v1/organisations/{id}/refusal: the administrator does not let it receive volunteers.</summary>
/// <param name="Reason">Why, for who registered it: 1 to 1000 characters.</param>
public sealed record RefuseOrganisation(string Reason);

public static class RefuseOrganisationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/refusal", Handle)
            .RequireAuthorization(Policies.Administrator)
            .RequireVersion()
            .WithSummary("Refuse an organisation")
            .WithExample(new RefuseOrganisation("Организация с таким названием под этим ОГРН не найдена."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, RefuseOrganisation command, ExpectedVersion expected, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct) =>
        OrganisationChange.ChangeAsync(id, expected, http, session,
            _ => true,
            organisation => Decide(organisation, command, clock.GetUtcNow()), ct);

    /// <summary>Pure.</summary>
    public static Decision Decide(Organisation organisation, RefuseOrganisation command, DateTimeOffset now)
    {
        if (Rules.Text("reason", command.Reason, 1000) is { } refusal)
        {
            return refusal;
        }

        return organisation.Status switch
        {
            OrganisationStatus.Pending => Decision.Append(new OrganisationRefused(organisation.Id, command.Reason.Trim(), now)),
            OrganisationStatus.Refused => Decision.Nothing,
            _ => Refusal.Conflict("organisation-approved", "This organisation has already been approved."),
        };
    }
}
