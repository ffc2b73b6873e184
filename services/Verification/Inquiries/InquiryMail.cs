using System.Globalization;
using VolunteerBook.Mail;

namespace VolunteerBook.Verification.Inquiries;

/// <summary>
/// The mail that asks. What is to be confirmed stands on the page that the link leads to, and not in the mail: nothing in it is what
/// somebody typed but the organisation's name.
/// </summary>
internal static class InquiryMail
{
    private const string Zone = "Europe/Moscow";

    public static MailMessage Of(string language, string to, string organisation, string link, DateTimeOffset until)
    {
        var end = TimeZoneInfo.ConvertTime(until, TimeZoneInfo.FindSystemTimeZoneById(Zone))
            .ToString(
                language == "ru" ? "d MMMM yyyy 'г., H:mm' '(МСК)'" : "d MMMM yyyy, H:mm '(Moscow time)'",
                CultureInfo.GetCultureInfo(language == "ru" ? "ru-RU" : "en-GB"));
        return language == "ru"
            ? new MailMessage(
                to, "Просьба подтвердить работу волонтёра",
                $"""
                Здравствуйте!

                {MailMessage.Name(organisation)} просит вас подтвердить, что волонтёр помогал в тот день, когда там были и вы. Учётная запись не нужна: откройте страницу, прочитайте, что там написано, и ответьте.

                {link}

                Ссылка для вас одних, ответить по ней можно один раз и до {end}. Если вас там не было или что-то не так, выберите «Не подтверждаю» и напишите почему.
                """)
            : new MailMessage(
                to, "Please confirm a volunteer’s work",
                $"""
                Hello,

                {MailMessage.Name(organisation)} is asking you to confirm that a volunteer helped on a day when you were there too. You do not need an account: open the page, read what it says, and answer.

                {link}

                The link is for you alone; you can answer once, until {end}. If you were not there or something is wrong, choose “I do not confirm” and write why.
                """,
                Language: language);
    }
}
