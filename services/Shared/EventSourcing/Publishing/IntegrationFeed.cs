using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// <c>GET /integration-events?after=S&amp;limit=</c>: what this service has published after a position of its log, for services of ours. Not reachable through
/// the gateway. <c>?number=N</c> is asked once by a subscriber that still stands at a number of the time when events were numbered: where in the log that is.
/// </summary>
internal static class IntegrationFeed
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/integration-events", Handle).RequireAuthorization(Policies.Integration).ExcludeFromDescription();

    private static async Task<Results<Ok<IntegrationPage>, NotFound>> Handle(
        IntegrationEvents events, CancellationToken ct, long after = 0, int limit = 500, long? number = null) =>
        (number is { } asked ? await events.OfNumberAsync(asked, ct) : await events.AfterAsync(Math.Max(after, 0), Math.Clamp(limit, 1, 1000), ct)) is { } page
            ? TypedResults.Ok(page)
            : TypedResults.NotFound();
}
