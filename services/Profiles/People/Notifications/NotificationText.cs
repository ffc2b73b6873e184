using System.Globalization;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>What a notification says, in one line: the same in the inbox, in the stream and in mails.</summary>
public static class NotificationText
{
    private static readonly CultureInfo Russian = CultureInfo.GetCultureInfo("ru-RU");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>The line, without a full stop.</summary>
    /// <param name="told">The notification.</param>
    /// <param name="organisation">What its organisation is called; null where that is not known.</param>
    /// <param name="language"><c>ru</c> or <c>en</c>.</param>
    /// <param name="zone">Whose days it speaks of.</param>
    public static string Of(Notification told, string? organisation, string language, TimeZoneInfo zone) =>
        language == "ru" ? $"{organisation ?? "Организация"}: {InRussian(told, zone)}" : $"{organisation ?? "The organisation"}: {InEnglish(told, zone)}";

    private static string InRussian(Notification told, TimeZoneInfo zone) => (told.Kind, told.Outcome) switch
    {
        (NotificationKind.EntryConfirmed, _) => $"подтверждено {Duration(told.Minutes, "ч", "мин")}",
        (NotificationKind.EntryPartlyConfirmed, _) => $"подтверждено {Duration(told.Minutes, "ч", "мин")} из {Duration(told.Claimed, "ч", "мин")}",
        (NotificationKind.EntryReturned, _) => $"запись{On(told, " на ", "ч", "мин")} нужно исправить",
        (NotificationKind.EntryRejected, _) => $"запись{On(told, " на ", "ч", "мин")} отклонена",
        (NotificationKind.EntryRevoked, _) => $"подтверждение записи{On(told, " на ", "ч", "мин")} отозвано",
        (NotificationKind.WorkProposed, _) => $"в ведомости есть ваша работа{On(told, " на ", "ч", "мин")}, добавьте её в книжку",
        (NotificationKind.ApplicationDecided, true) => "ваша заявка принята",
        (NotificationKind.ApplicationDecided, _) => "ваша заявка отклонена",
        (NotificationKind.InquiryAnswered, true) => "на ваш запрос ответили, работа подтверждена",
        (NotificationKind.InquiryAnswered, _) => "на ваш запрос ответили, работа не подтверждена",
        (NotificationKind.CasesLate, _) => (told.Number ?? 1) switch
        {
            var number when number % 10 == 1 && number % 100 != 11 => $"{number.ToString("N0", Russian)} запись ждёт решения дольше срока",
            var number when number % 10 is >= 2 and <= 4 && number % 100 is not (>= 12 and <= 14)
                => $"{number.ToString("N0", Russian)} записи ждут решения дольше срока",
            var number => $"{number.ToString("N0", Russian)} записей ждут решения дольше срока",
        },
        (NotificationKind.KeyExpires, _) => $"ключ подписи действует до {Day(told, zone, Russian)}, зарегистрируйте новый",
        (NotificationKind.OrganisationApproved, _) => "организация одобрена, можно принимать волонтёров",
        (NotificationKind.OrganisationSuspended, true) => "работа организации приостановлена администратором",
        (NotificationKind.OrganisationSuspended, _) => "работа организации возобновлена",
        _ => throw new InvalidOperationException($"{told.Kind} has no words."),
    };

    private static string InEnglish(Notification told, TimeZoneInfo zone) => (told.Kind, told.Outcome) switch
    {
        (NotificationKind.EntryConfirmed, _) => $"{Duration(told.Minutes, "h", "min")} confirmed",
        (NotificationKind.EntryPartlyConfirmed, _) => $"{Duration(told.Minutes, "h", "min")} of {Duration(told.Claimed, "h", "min")} confirmed",
        (NotificationKind.EntryReturned, _) => $"your entry{On(told, " of ", "h", "min")} needs changes",
        (NotificationKind.EntryRejected, _) => $"your entry{On(told, " of ", "h", "min")} was rejected",
        (NotificationKind.EntryRevoked, _) => $"the confirmation of your entry{On(told, " of ", "h", "min")} was revoked",
        (NotificationKind.WorkProposed, _) => $"an attendance sheet records your work{On(told, ", ", "h", "min")}; add it to your book",
        (NotificationKind.ApplicationDecided, true) => "your application was accepted",
        (NotificationKind.ApplicationDecided, _) => "your application was declined",
        (NotificationKind.InquiryAnswered, true) => "your question was answered: the work is confirmed",
        (NotificationKind.InquiryAnswered, _) => "your question was answered: the work is not confirmed",
        (NotificationKind.CasesLate, _) => told.Number is > 1 and var number
            ? $"{number.ToString("N0", English)} entries have waited for a decision beyond the time limit"
            : "1 entry has waited for a decision beyond the time limit",
        (NotificationKind.KeyExpires, _) => $"a signing key ends on {Day(told, zone, English)}; register a new one",
        (NotificationKind.OrganisationApproved, _) => "the organisation is approved and can receive volunteers",
        (NotificationKind.OrganisationSuspended, true) => "the administrator suspended the organisation",
        (NotificationKind.OrganisationSuspended, _) => "the organisation is no longer suspended",
        _ => throw new InvalidOperationException($"{told.Kind} has no words."),
    };

    private static string On(Notification told, string before, string hours, string minutes) =>
        told.Minutes is null ? "" : before + Duration(told.Minutes, hours, minutes);

    // As the portal writes it; a space that does not break keeps number and unit on one line.
    private static string Duration(int? minutes, string hours, string minute) => ((minutes ?? 0) / 60, (minutes ?? 0) % 60) switch
    {
        (0, var rest) => $"{rest}\u00a0{minute}",
        (var whole, 0) => $"{whole}\u00a0{hours}",
        (var whole, var rest) => $"{whole}\u00a0{hours} {rest}\u00a0{minute}",
    };

    private static string Day(Notification told, TimeZoneInfo zone, CultureInfo culture) =>
        TimeZoneInfo.ConvertTime(told.Until ?? told.At, zone).ToString("d MMMM yyyy", culture);
}
