using System.Globalization;
using VolunteerBook.Mail;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>The mail that tells somebody what happened: one line and one link for each thing, and how to get no more of them.</summary>
internal static class NotificationMail
{
    /// <summary>The most that are told one by one; of the rest the mail has the number.</summary>
    public const int MostNamed = 50;

    /// <param name="language"><c>ru</c> or <c>en</c>.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="named">What is told one by one, the latest first.</param>
    /// <param name="all">How many there are.</param>
    /// <param name="address">The portal's.</param>
    /// <param name="token">Ends all mails to this person.</param>
    public static MailMessage Of(string language, string to, IReadOnlyList<NotificationView> named, int all, string address, string token)
    {
        var russian = language == "ru";
        var lines = string.Join("\n\n", named.Select(one => $"{one.Text}.\n{address}{one.Link}"));
        var rest = all - named.Count;
        var more = rest == 0 ? ""
            : russian ? $"\n\nИ ещё {Number(rest, "ru-RU")}: {address}/notifications" : $"\n\nAnd {Number(rest, "en-GB")} more: {address}/notifications";
        var subject = all == 1 ? named[0].Text
            : russian ? $"Новое в книжке волонтёра: {Number(all, "ru-RU")}" : $"New in your volunteer book: {Number(all, "en-GB")}";
        var text = russian
            ? $"""
                Здравствуйте!

                {lines}{more}

                Выбрать, о чём вам писать: {address}/notifications/settings
                Больше не получать писем: {address}/unsubscribe/{token}
                """
            : $"""
                Hello,

                {lines}{more}

                Choose what we write to you about: {address}/notifications/settings
                Stop all e-mails: {address}/unsubscribe/{token}
                """;
        return new MailMessage(to, subject, text, Language: language) { Unsubscribe = new Uri($"{address}/unsubscribe/{token}/at-once") };
    }

    private static string Number(int number, string culture) => number.ToString("N0", CultureInfo.GetCultureInfo(culture));
}
