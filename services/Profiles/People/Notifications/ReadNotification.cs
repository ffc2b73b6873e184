using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary><c>POST /api/v1/notifications/{id}/reading</c>: one's own notification is marked as read; one that is already stays so.</summary>
public static class ReadNotificationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/notifications/{id:guid}/reading", Handle).RequireAuthorization(Policies.Volunteer).WithSummary("Mark a notification as read");

    private static async Task<Results<NoContent, NotFound>> Handle(
        Guid id, Caller caller, IDocumentSession session, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct)
    {
        await using (var own = database.CreateCommand("select 1 from people.notifications where id = $1 and person = $2"))
        {
            own.Parameters.Add(new() { Value = id });
            own.Parameters.Add(new() { Value = caller.Id });
            if (await own.ExecuteScalarAsync(ct) is null)
            {
                return TypedResults.NotFound();
            }
        }

        session.QueueSqlCommand("update people.notifications set read_at = ? where id = ? and read_at is null", clock.GetUtcNow(), id);
        session.Changed(caller.Id);
        await session.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
