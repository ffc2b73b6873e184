using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary><c>GET /integration-events?after=N&amp;limit=</c>: what this service has published after number N, for services of ours. Not reachable through the gateway.</summary>
internal static class IntegrationFeed
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/integration-events", Handle).RequireAuthorization(Policies.Integration).ExcludeFromDescription();

    private static Task<IReadOnlyList<IntegrationMessage>> Handle(IntegrationEvents events, CancellationToken ct, long after = 0, int limit = 500) =>
        events.AfterAsync(after, Math.Clamp(limit, 1, 1000), ct);
}
