using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>POST /api/v1/organisations/{id}/approval: the administrator lets it receive volunteers. Who registered it becomes its coordinator.</summary>
public static class ApproveOrganisationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/approval", Handle)
            .RequireAuthorization(Policies.Administrator)
            .RequireVersion()
            .WithSummary("Approve an organisation");

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ExpectedVersion expected, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct) =>
        OrganisationChange.ChangeAsync(id, expected, http, session,
            _ => true,
            organisation => Decide(organisation, clock.GetUtcNow()), ct);

    /// <summary>Pure.</summary>
    public static Decision Decide(Organisation organisation, DateTimeOffset now) => organisation.Status switch
    {
        OrganisationStatus.Approved => Decision.Nothing,
        OrganisationStatus.Refused => Refusal.Conflict("organisation-refused", "This organisation was refused; it must be registered again first."),
        _ => Decision.Append(
            new OrganisationApproved(organisation.Id, organisation.Name, organisation.Region, now),
            new CoordinatorAppointed(organisation.Id, organisation.RegisteredBy, now, null, now)),
    };
}
