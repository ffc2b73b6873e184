using System.Text.Json.Nodes;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Ledger.Exchange.Forms;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>
/// <c>GET /api/v1/book/forms/{form}?from=&amp;to=&amp;organisationId=</c>: the confirmed part of one's own book in another body's form, to hand over oneself
/// (F30). Forms: <c>education</c>, <c>employment</c>, <c>taxation</c>, <c>social-protection</c>, <c>pension</c>.
/// </summary>
public static class GetFormEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/book/forms/{form}", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .Produces<JsonObject>()
            .WithSummary("Your confirmed work in another body's form");

    private static async Task<Results<JsonHttpResult<object>, NotFound, ProblemHttpResult>> Handle(
        string form, Caller caller, IQuerySession session, TimeProvider clock, CancellationToken ct,
        DateOnly? from = null, DateOnly? to = null, Guid? organisationId = null)
    {
        if (Form.All.FirstOrDefault(known => known.Name == form) is not { } asked)
        {
            return TypedResults.NotFound();
        }

        if (to < from)
        {
            return Refusal.Invalid("period-reversed", "to", "A period must end on the day it begins or later.").ToProblem();
        }

        var record = await BookRecord.ReadAsync(session, caller.Id, new GrantScope(GrantDepth.Entries, from, to, organisationId), clock.GetUtcNow(), ct);
        return TypedResults.Json(asked.Map(record));
    }
}
