using System.Globalization;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.Mail;

namespace VolunteerBook.Ledger.Extracts.Deliveries;

/// <summary>
/// The mail with which an extract, or the link to one, leaves. Nothing in it is what somebody typed but the giver's name: it must not
/// serve to send strangers any text one likes.
/// </summary>
internal static class DeliveryMail
{
    public static MailMessage Of(
        string language, string to, string giver, string number, IssuerKeys issuer, MailAttachment? file, string? link, DateTimeOffset? until)
    {
        var check = $"{issuer.Address.ToString().TrimEnd('/')}/check/{number}";
        var end = until is not { } at ? "" : TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(WriteDocument.Zone))
            .ToString(
                language == "ru" ? "d MMMM yyyy 'г., H:mm' '(МСК)'" : "d MMMM yyyy, H:mm '(Moscow time)'",
                CultureInfo.GetCultureInfo(language == "ru" ? "ru-RU" : "en-GB"));
        return language == "ru"
            ? new MailMessage(
                to, $"Выписка из книжки волонтёра {number}",
                $"""
                Здравствуйте!

                {(link is null ? $"{MailMessage.Name(giver)} передаёт вам выписку из книжки волонтёра. Она приложена к письму: файл PDF с электронной подписью."
                    : $"{MailMessage.Name(giver)} открывает вам выписку из книжки волонтёра. Посмотреть и скачать её можно до {end}:\n{link}")}

                Номер выписки: {number}
                Проверить её может каждый, без учётной записи: {check}

                Письмо отправлено по просьбе владельца книжки. Отвечать на него не нужно.

                {issuer.Name}
                """,
                file)
            : new MailMessage(
                to, $"Extract from a volunteer book {number}",
                $"""
                Hello,

                {(link is null ? $"{MailMessage.Name(giver)} is sending you an extract from a volunteer book, attached as a PDF with an electronic signature."
                    : $"{MailMessage.Name(giver)} is sharing an extract from a volunteer book with you. You can read and download it until {end}:\n{link}")}

                Number of the extract: {number}
                Anyone can check it, without an account: {check}

                This e-mail was sent at the request of the book's owner. There is no need to reply.

                {issuer.Name}
                """,
                file, language);
    }
}
