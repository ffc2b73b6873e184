using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary><c>GET /api/v1/notifications?unread=&amp;language=&amp;after=&amp;limit=</c>: one's own, the latest first.</summary>
public static class GetNotificationsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/notifications", Handle).RequireAuthorization(Policies.Volunteer).WithSummary("Your notifications, latest first");

    private static async Task<Ok<Page<NotificationView>>> Handle(
        Caller caller, HttpContext http, NpgsqlDataSource database, IQuerySession session, IRegistry registry, CancellationToken ct,
        bool unread = false, string? language = null, string? after = null, [PageSize] int? limit = null)
    {
        var (spoken, size) = (NotificationView.Language(language), Cursor.Limit(limit));
        var found = await database.PageAsync(caller.Id, unread, Cursor.Parse(after), size + 1, ct);
        var page = Page.Of(await NotificationView.OfAsync(found, spoken, session, registry, ct), size, one => new Cursor(one.At, one.Id));
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(page);
    }
}
