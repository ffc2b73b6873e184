using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Mail;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>How the caller is mailed.</summary>
/// <param name="Mail">Of each kind.</param>
/// <param name="Hour">The hour of the daily mail by their clock.</param>
/// <param name="Zone">IANA name of their time zone.</param>
/// <param name="Language">Of mails: <c>ru</c> or <c>en</c>.</param>
/// <param name="Email">Where mails go: the address in the caller's book. Null where there is none; then everything is in the inbox alone.</param>
/// <param name="MailIsSent">Whether this installation sends mail at all.</param>
public sealed record NotificationSettingsView(IReadOnlyList<MailOfKind> Mail, int Hour, string Zone, string Language, string? Email, bool MailIsSent);

/// <summary><c>GET /api/v1/notifications/settings</c>; who has never said anything has version 0.</summary>
public static class GetNotificationSettingsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/notifications/settings", Handle)
        .RequireAuthorization(Policies.Volunteer)
        .WithSummary("How you are told of what happens by e-mail");

    private static async Task<Ok<NotificationSettingsView>> Handle(
        Caller caller, HttpContext http, IQuerySession session, PersonKeys keys, OutgoingMail mail, CancellationToken ct)
    {
        var own = caller.Id;
        var settings = (await session.SettingsOfAsync([own], ct))[own];
        ETag.Set(http, settings.Version);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new NotificationSettingsView(
            [.. Enum.GetValues<NotificationKind>().Select(kind => new MailOfKind(kind, settings.Of(kind)))],
            settings.Hour, settings.Zone, settings.Language, await session.AddressOfAsync(keys, own, ct), mail.IsConfigured));
    }

    /// <summary>The address in a person's book, which their key opens; null without either.</summary>
    internal static async Task<string?> AddressOfAsync(this IQuerySession session, PersonKeys keys, Guid person, CancellationToken ct)
    {
        using var key = await keys.Find(person, ct);
        return key is not null && await session.LoadAsync<Volunteer>(person, ct) is { } volunteer
            ? key.Open<PersonalDetails>(PersonalDetails.FieldSet, volunteer.Personal).Contacts.Email
            : null;
    }
}
