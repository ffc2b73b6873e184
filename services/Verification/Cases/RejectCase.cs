using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Cases;

/// <summary><c>POST /api/v1/cases/{id}/rejection</c>: refuses to confirm.</summary>
/// <param name="Reason">Why, for the volunteer to read; at most 2000 characters.</param>
public sealed record RejectCase(string Reason);

public static class RejectCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/rejection", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Refuse to confirm a case, with a reason")
            .WithExample(new RejectCase("В этот день площадка была закрыта."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, RejectCase command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return CoordinatorsCase.DecideAsync(id, expected, caller, http, session, now, (found, _) => Decide(found, command, now), ct);
    }

    public static Decision Decide(Case found, RejectCase command, DateTimeOffset now) =>
        Rules.Text("reason", command.Reason, 2000) is { } broken ? broken
        : found.Status != CaseStatus.Open ? CoordinatorsCase.NotOpen
        : Decision.Append(new CaseRejected(found.EntryId, found.Revision, found.OrganisationId, command.Reason, now));
}
