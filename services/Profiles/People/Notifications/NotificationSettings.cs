using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>How somebody is mailed of a kind. The inbox has everything, whatever this says.</summary>
public enum MailDelivery
{
    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("off")]
    Off,

    /// <summary>As soon as it happens, with what else is due.</summary>
    [JsonStringEnumMemberName("atOnce")]
    AtOnce,

    /// <summary>In one mail a day.</summary>
    [JsonStringEnumMemberName("daily")]
    Daily,
}

/// <summary>How somebody is mailed of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Mail">How.</param>
public sealed record MailOfKind(NotificationKind Kind, MailDelivery Mail);

/// <summary>Somebody said how they want to be mailed.</summary>
/// <param name="PersonId">The person: the subject of their tokens.</param>
/// <param name="Mail">How they are mailed of each kind; one that is left out is mailed as it is for everybody who has said nothing.</param>
/// <param name="Hour">The hour of the daily mail by their clock, 0 to 23.</param>
/// <param name="Zone">IANA name of their time zone.</param>
/// <param name="Language">Of mails: <c>ru</c> or <c>en</c>.</param>
/// <param name="At">When, UTC.</param>
public sealed record NotificationSettingsChanged(
    Guid PersonId, IReadOnlyList<MailOfKind> Mail, int Hour, string Zone, string Language, DateTimeOffset At);

/// <summary>How somebody wants to be mailed; what happened before they said anything is <see cref="Default"/>.</summary>
public sealed record NotificationSettings(Guid Id, IReadOnlyList<MailOfKind> Mail, int Hour, string Zone, string Language)
{
    private const int MorningHour = 9;

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    /// <summary>Beside the stream of the person's book, which has the person's own id.</summary>
    public static Guid IdOf(Guid person) => Uuid.V5(person, "notification-settings");

    /// <summary>Of somebody who has said nothing: what asks for something is mailed at once, the rest once a day.</summary>
    /// <param name="person">The person.</param>
    /// <param name="region">Where they live, by whose clock the day is counted; null where that is not known.</param>
    public static NotificationSettings Default(Guid person, string? region) =>
        new(IdOf(person), [], MorningHour, Regions.Find(region)?.Zone ?? "Europe/Moscow", "ru");

    public static NotificationSettings Create(NotificationSettingsChanged changed) =>
        new(IdOf(changed.PersonId), changed.Mail, changed.Hour, changed.Zone, changed.Language);

    public NotificationSettings Apply(NotificationSettingsChanged changed) =>
        this with { Mail = changed.Mail, Hour = changed.Hour, Zone = changed.Zone, Language = changed.Language };

    /// <summary>How the person is mailed of a kind.</summary>
    public MailDelivery Of(NotificationKind kind) => Mail.FirstOrDefault(one => one.Kind == kind)?.Mail ?? Usual(kind);

    /// <summary>When what happened at a moment is to be mailed, UTC; null for not at all.</summary>
    public DateTimeOffset? MailDue(NotificationKind kind, DateTimeOffset at) => Of(kind) switch
    {
        MailDelivery.AtOnce => at,
        MailDelivery.Daily => NextDaily(at),
        _ => null,
    };

    /// <summary>The next hour of the daily mail after a moment, by the person's clock, UTC.</summary>
    public DateTimeOffset NextDaily(DateTimeOffset at)
    {
        var zone = WallClock.ZoneOf(Zone);
        var today = TimeZoneInfo.ConvertTime(at, zone).Date;
        // Two days are enough whatever the clock does: a day has the hour, or the hour that would have been.
        return Enumerable.Range(0, 3).Select(day => WallClock.Read(today.AddDays(day).AddHours(Hour), zone).Earlier.ToUniversalTime()).First(due => due > at);
    }

    private static MailDelivery Usual(NotificationKind kind) =>
        kind is NotificationKind.EntryConfirmed or NotificationKind.WorkProposed or NotificationKind.CasesLate ? MailDelivery.Daily : MailDelivery.AtOnce;
}
