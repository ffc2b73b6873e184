using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary><c>POST /api/v1/sheets/{id}/discard</c>: drops a sheet that is not signed, with its rows, e.g. to mend it and hand it in anew.</summary>
public static class DiscardSheetEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/sheets/{id:guid}/discard", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Discard an attendance sheet that is not signed");

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return CoordinatorsSheet.ChangeAsync(id, expected, caller, http, session, now, (sheet, _) =>
        {
            var decision = Decide(sheet, now);
            if (decision.Events.Count > 0)
            {
                session.DropRows(sheet.RowsId);
            }

            return Task.FromResult(decision);
        }, ct);
    }

    public static Decision Decide(Sheet sheet, DateTimeOffset now) => sheet.Status switch
    {
        SheetStatus.Received => Decision.Append(new SheetDiscarded(now)),
        SheetStatus.Discarded => Decision.Nothing,
        _ => CoordinatorsSheet.NotOpen,
    };
}
