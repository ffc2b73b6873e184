using System.Text.Json.Nodes;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>GET /api/v1/organisations/{id}/keys/statement: what the new key must sign to be registered. For those who may register one.</summary>
public static class GetKeyStatementEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/keys/statement", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .Produces<JsonObject>()
            .WithSummary("The canonical bytes that a new key signs to be registered");

    private static async Task<Results<FileContentHttpResult, NotFound>> Handle(
        Guid id, Caller caller, HttpContext http, KeyStatements statements, IQuerySession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await session.LoadAsync<Organisation>(id, ct) is not { } organisation || !organisation.MaySignBy(caller, now))
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, organisation.Version);
        // Whole seconds, so that the end is not beyond the lifetime.
        return TypedResults.Bytes(
            statements.Of(caller.Id, id, organisation.Version, now + KeyStatements.Lifetime - TimeSpan.FromSeconds(1)), "application/json");
    }
}
