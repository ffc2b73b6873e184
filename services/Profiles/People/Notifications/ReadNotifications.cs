using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>
/// <c>POST /api/v1/notifications/readings</c>: all of one's own up to a place are marked as read. What came since the list was shown stays unread.
/// </summary>
/// <param name="UpTo">The position of the latest that was seen.</param>
public sealed record ReadNotifications(long UpTo);

public static class ReadNotificationsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/notifications/readings", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .WithSummary("Mark all notifications up to one as read")
            .WithExample(new ReadNotifications(42));

    private static async Task<NoContent> Handle(
        ReadNotifications command, Caller caller, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        session.QueueSqlCommand(
            "update people.notifications set read_at = ? where person = ? and read_at is null and position <= ?", clock.GetUtcNow(), caller.Id, command.UpTo);
        session.Changed(caller.Id);
        await session.SaveChangesAsync(ct);
        return TypedResults.NoContent();
    }
}
