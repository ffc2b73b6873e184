using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Cases;

/// <summary>
/// <c>POST /api/v1/cases/{id}/return</c>: asks the volunteer for changes; the entry may be corrected and submitted again, which opens a new case.
/// </summary>
/// <param name="Reason">What to change, for the volunteer to read; at most 2000 characters.</param>
public sealed record ReturnCase(string Reason);

public static class ReturnCaseEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/return", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Return a case to the volunteer for changes")
            .WithExample(new ReturnCase("Укажите время окончания смены."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ReturnCase command, ExpectedVersion expected, Caller caller,
        HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return CoordinatorsCase.DecideAsync(id, expected, caller, http, session, now, (found, _) => Decide(found, command, now), ct);
    }

    public static Decision Decide(Case found, ReturnCase command, DateTimeOffset now) =>
        Rules.Text("reason", command.Reason, 2000) is { } broken ? broken
        : found.Status != CaseStatus.Open ? CoordinatorsCase.NotOpen
        : Decision.Append(new CaseReturned(found.EntryId, found.Revision, found.OrganisationId, command.Reason, now));
}
