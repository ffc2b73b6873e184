using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>A notification; its words come with it.</summary>
public sealed record Notification(Guid Id, long Position, DateTimeOffset At, string Text, string Link, bool Read);

/// <summary>How much is unread.</summary>
public sealed record Unread(int Count)
{
    /// <summary>Further nobody counts.</summary>
    public const int Most = 99;
}

/// <summary>How somebody is mailed of a kind: off, atOnce or daily.</summary>
public sealed record MailOfKind(string Kind, string Mail);

/// <summary>How somebody is mailed. Without an address everything is in the inbox alone.</summary>
public sealed record NotificationSettings(IReadOnlyList<MailOfKind> Mail, int Hour, string Zone, string Language, string? Email, bool MailIsSent);

/// <summary>Whether a link out of a mail still ends anything.</summary>
public sealed record Subscription(bool Mailed);

/// <summary>What happened that concerns the person who is looking.</summary>
public sealed class Notifications(GatewayApi api)
{
    // The number on the bell is worth no more of a page's time.
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    static string Language => System.Globalization.CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <summary>A page of them, the latest first.</summary>
    public async Task<Page<Notification>> List(bool unread, string? after) => (await api.Read<Page<Notification>>(
        "notifications" + Query(("unread", unread ? "true" : null), ("language", Language), ("after", after), ("limit", "50")))).Value;

    /// <summary>How many are unread; null where that is not known soon enough.</summary>
    public async Task<Unread?> Unread() =>
        await api.ReadWithin<UnreadNotifications>("notifications/unread", Moment) is { Unread: var count } ? new Unread(count) : null;

    /// <summary>As they come.</summary>
    public Task Stream(CancellationToken ending) => api.HandOnEvents("notifications/stream" + Query(("language", Language)), ending);

    /// <summary>One is read.</summary>
    public Task<Outcome<NoBody>> Read(Guid id) => api.Post($"notifications/{id}/reading", new { }, new Form());

    /// <summary>All are read that were seen.</summary>
    public Task<Outcome<NoBody>> ReadUpTo(long position, Form form) => api.Post("notifications/readings", new { upTo = position }, form);

    /// <summary>How the person is mailed, with the version.</summary>
    public Task<Tagged<NotificationSettings>> Settings() => api.Read<NotificationSettings>("notifications/settings");

    /// <summary>Says how they want to be.</summary>
    public Task<Outcome<NoBody>> Set(object settings, Form form) => api.Change<NoBody>(HttpMethod.Put, "notifications/settings", settings, form);

    /// <summary>What a link out of a mail leads to; null where it was never given.</summary>
    public Task<Subscription?> Subscription(string token) => api.ReadOrNull<Subscription>($"notifications/unsubscriptions/{Uri.EscapeDataString(token)}");

    /// <summary>Ends all mails to whom the link was sent.</summary>
    public Task<Outcome<NoBody>> Unsubscribe(string token, Form form) =>
        api.Post($"notifications/unsubscriptions/{Uri.EscapeDataString(token)}", new { }, form);

    sealed record UnreadNotifications(int Unread);
}
