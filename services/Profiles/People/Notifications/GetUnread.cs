using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>How much is unread.</summary>
/// <param name="Unread">How many notifications, at most <see cref="Most"/>: where there are more, it is as many.</param>
/// <param name="UpTo">The position of the latest, read or not; 0 where there is none.</param>
public sealed record UnreadNotifications(int Unread, long UpTo)
{
    /// <summary>Further nobody counts.</summary>
    public const int Most = 1000;
}

/// <summary><c>GET /api/v1/notifications/unread</c>: for a bell that asks again and again. <see cref="StreamNotificationsEndpoint"/> tells by itself.</summary>
public static class GetUnreadEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/notifications/unread", Handle).RequireAuthorization(Policies.Volunteer).WithSummary("How many of your notifications are unread");

    private static async Task<Ok<UnreadNotifications>> Handle(Caller caller, HttpContext http, NpgsqlDataSource database, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(await database.UnreadAsync(caller.Id, ct));
    }
}
