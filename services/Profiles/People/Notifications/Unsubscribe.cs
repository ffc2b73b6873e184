using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>What a link out of a mail can still end.</summary>
/// <param name="Mailed">Whether its person is mailed of anything.</param>
public sealed record Subscription(bool Mailed);

/// <summary>
/// <c>GET</c> and <c>POST /api/v1/notifications/unsubscriptions/{token}</c>: who has the link out of a mail ends all mails to its person, without an account
/// (RFC 8058 asks that one request is enough). Nothing else can be done by it, and the inbox goes on. A link that never was is 404.
/// </summary>
public static class UnsubscribeEndpoint
{
    private const string Path = "/notifications/unsubscriptions/{token}";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, Read).AllowAnonymous().WithSummary("Whether a link out of an e-mail still ends anything");
        routes.MapPost(Path, Handle).AllowAnonymous().WithSummary("End all e-mails to the person to whom this link was sent");
    }

    private static async Task<Results<Ok<Subscription>, NotFound>> Read(
        string token, HttpContext http, UnsubscribeLinks links, IQuerySession session, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        return links.PersonOf(token) is { } person
            ? TypedResults.Ok(new Subscription(IsMailed((await session.SettingsOfAsync([person], ct))[person])))
            : TypedResults.NotFound();
    }

    private static async Task<Results<NoContent, NotFound>> Handle(
        string token, UnsubscribeLinks links, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        if (links.PersonOf(token) is not { } person)
        {
            return TypedResults.NotFound();
        }

        var stream = await session.Events.FetchForWriting<NotificationSettings>(NotificationSettings.IdOf(person), ct);
        var decision = Decide(person, (await session.SettingsOfAsync([person], ct))[person], clock.GetUtcNow());
        if (decision.Events is [NotificationSettingsChanged changed])
        {
            stream.AppendOne(changed);
            session.MailAnew(person, NotificationSettings.Create(changed), changed.At);
            // Whoever has the link: most likely the person, and nobody who signed in.
            session.LastModifiedBy = "unsubscribe-link";
            await session.SaveChangesAsync(ct);
        }

        return TypedResults.NoContent();
    }

    /// <summary>Pure: everything is off, and hour, zone and language stay.</summary>
    public static Decision Decide(Guid person, NotificationSettings settings, DateTimeOffset now) => !IsMailed(settings) ? Decision.Nothing
        : Decision.Append(new NotificationSettingsChanged(
            person, [.. Enum.GetValues<NotificationKind>().Select(kind => new MailOfKind(kind, MailDelivery.Off))],
            settings.Hour, settings.Zone, settings.Language, now));

    private static bool IsMailed(NotificationSettings settings) =>
        Enum.GetValues<NotificationKind>().Any(kind => settings.Of(kind) != MailDelivery.Off);
}
