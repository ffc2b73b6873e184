using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>
/// <c>PUT /api/v1/notifications/settings</c>: how the caller wants to be mailed, as a whole; the first time with <c>If-Match: "0"</c>. What waits to be mailed
/// is mailed, or not, as it says.
/// </summary>
/// <param name="Mail">Of each kind; one that is left out is mailed as for everybody who has said nothing.</param>
/// <param name="Hour">The hour of the daily mail by their clock, 0 to 23.</param>
/// <param name="Zone">IANA name of their time zone.</param>
/// <param name="Language">Of mails: <c>ru</c> or <c>en</c>.</param>
public sealed record SetNotificationSettings(IReadOnlyList<MailOfKind> Mail, int Hour, string Zone, string Language);

public static class SetNotificationSettingsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/notifications/settings", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireVersion()
            .WithSummary("Say how you want to be told of what happens by e-mail")
            .WithExample(new SetNotificationSettings([new(NotificationKind.EntryConfirmed, MailDelivery.Off)], 9, "Europe/Moscow", "ru"));

    private static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        SetNotificationSettings command, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var stream = await session.Events.FetchForWriting<NotificationSettings>(NotificationSettings.IdOf(caller.Id), ct);
        expected.Check(stream.CurrentVersion ?? 0);
        var decision = Decide(caller.Id, stream.Aggregate, command, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        if (decision.Events is [NotificationSettingsChanged changed])
        {
            stream.AppendOne(changed);
            session.MailAnew(caller.Id, NotificationSettings.Create(changed), now);
            await session.SaveChangesAsync(ct);
        }

        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    /// <summary>Pure.</summary>
    public static Decision Decide(Guid person, NotificationSettings? before, SetNotificationSettings command, DateTimeOffset now) =>
        Refusal.All(
        [
            command.Mail.DistinctBy(one => one.Kind).Count() == command.Mail.Count ? null
                : Refusal.Invalid("kind-twice", "mail", "Each kind may be named once."),
            command.Hour is >= 0 and <= 23 ? null : Refusal.Invalid("hour-out-of-range", "hour", "The hour must be from 0 to 23."),
            new Shift(now.UtcDateTime.Date, command.Zone, 60).BrokenRules().FirstOrDefault(broken => broken.Code == "unknown-zone") is { Rule: { } rule }
                ? Refusal.Invalid("unknown-zone", "zone", rule) : null,
            command.Language is "ru" or "en" ? null : Refusal.Invalid("unknown-language", "language", "The language of the e-mail must be ru or en."),
        ]) is { } broken ? broken
        : before is not null && before.Mail.SequenceEqual(command.Mail) && (before.Hour, before.Zone, before.Language)
            == (command.Hour, command.Zone, command.Language) ? Decision.Nothing
        : Decision.Append(new NotificationSettingsChanged(person, command.Mail, command.Hour, command.Zone, command.Language, now));
}
