using System.Globalization;
using System.Text.Json;
using Marten;
using Npgsql;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>
/// <c>GET /api/v1/notifications/stream</c>: server-sent events (WHATWG HTML, 9.2). <c>notification</c> has one as the list has it; its id is its position, so
/// that whoever comes back with <c>Last-Event-ID</c> gets all that came meanwhile, in order, once. <c>unread</c> says how many are unread: at the beginning,
/// and whenever that changes. It ends with the access token and when the service stops; the reader comes back.
/// </summary>
public static class StreamNotificationsEndpoint
{
    /// <summary>The most streams of a person at an instance.</summary>
    public const int MostOfAPerson = 8;

    private const int PageSize = 100;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly Refusal TooMany = new(
        "too-many-streams", StatusCodes.Status429TooManyRequests, $"At most {MostOfAPerson} streams are open for one person; ask for the number instead.");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/notifications/stream", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .WithSummary("Your notifications as they come, as server-sent events");

    private static async Task Handle(
        HttpContext http, Caller caller, NotificationSignals signals, NpgsqlDataSource database, IDocumentStore store, IRegistry registry,
        IHostApplicationLifetime lifetime, TimeProvider clock, CancellationToken ct, string? language = null)
    {
        var (spoken, after) = (NotificationView.Language(language), LastEventId(http));
        using var listener = signals.Listen(caller.Id, MostOfAPerson) ?? throw new RefusedException(TooMany);
        using var over = new CancellationTokenSource(Lasts(http, clock.GetUtcNow()), clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ct, over.Token, lifetime.ApplicationStopping);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await StreamAsync(http.Response, caller.Id, after, spoken, listener, database, store, registry, ending.Token);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Ends between two events, or its reader has gone.
        }
    }

    private static async Task StreamAsync(
        HttpResponse response, Guid person, long? lastEventId, string language, NotificationSignals.Listener listener, NpgsqlDataSource database,
        IDocumentStore store, IRegistry registry, CancellationToken ct)
    {
        UnreadNotifications? said = null;
        var after = lastEventId ?? 0;
        while (true)
        {
            var woken = listener.Woken;
            var now = await database.UnreadAsync(person, ct);
            if (said is null && lastEventId is null)
            {
                after = now.UpTo;
            }

            foreach (var found in await AfterAsync(after, now.UpTo))
            {
                await response.WriteAsync($"id: {found.Position}\nevent: notification\ndata: {JsonSerializer.Serialize(found, Json.Options)}\n\n", ct);
                after = found.Position;
            }

            // Only what was read up to here is behind it; what came meanwhile has its turn at once.
            if (after >= now.UpTo && now.Unread != said?.Unread)
            {
                await response.WriteAsync($"id: {after}\nevent: unread\ndata: {JsonSerializer.Serialize(now, Json.Options)}\n\n", ct);
                said = now;
            }

            await response.Body.FlushAsync(ct);
            if (after < now.UpTo)
            {
                continue;
            }

            await woken.WaitAsync(Heartbeat, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
            if (!woken.IsCompleted)
            {
                await response.WriteAsync(":\n\n", ct);
            }
        }

        async Task<IReadOnlyList<NotificationView>> AfterAsync(long position, long upTo)
        {
            if (position >= upTo)
            {
                return [];
            }

            await using var session = store.QuerySession();
            return await NotificationView.OfAsync(await database.AfterAsync(person, position, PageSize, ct), language, session, registry, ct);
        }
    }

    private static long? LastEventId(HttpContext http) => http.Request.Headers["Last-Event-ID"].ToString() switch
    {
        "" => null,
        var id when long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var position) => position,
        _ => throw new RefusedException(
            Refusal.Invalid("malformed-last-event-id", "Last-Event-ID", "Last-Event-ID must be the id of an event of this stream.")),
    };

    // A person whose session has ended elsewhere is told nothing more than the token still allows.
    private static TimeSpan Lasts(HttpContext http, DateTimeOffset now) =>
        long.TryParse(http.User.FindFirst("exp")?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            && DateTimeOffset.FromUnixTimeSeconds(end) - now is var left && left < Longest
            ? left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1)
            : Longest;
}
