using System.Globalization;
using VolunteerBook.Mail;

namespace VolunteerBook.Profiles.Registry.Invitations;

/// <summary>The mail that invites: of the organisation's words it has the approved name alone.</summary>
internal static class InvitationMail
{
    public static MailMessage Of(string language, string to, string organisation, string link, DateTimeOffset until)
    {
        var day = until.ToString("d MMMM yyyy", CultureInfo.GetCultureInfo(language == "ru" ? "ru-RU" : "en-GB"));
        return language == "ru"
            ? new MailMessage(to, "Приглашение в координаторы",
                $"""
                Здравствуйте!

                {organisation} приглашает вас решать от её имени в электронной книжке волонтёра: подтверждать часы и принимать заявки. Откройте страницу, войдите и примите приглашение.

                {link}

                Ссылка для вас одних, она сработает один раз и до {day} (UTC). Если вы не ждали приглашения, ничего делать не нужно.
                """)
            : new MailMessage(to, "An invitation to be a coordinator",
                $"""
                Hello,

                {organisation} invites you to act on its behalf in the volunteer book: to confirm hours and accept applications. Open the page, sign in and accept the invitation.

                {link}

                The link is for you alone; it works once, until {day} (UTC). If you did not expect an invitation, you do not need to do anything.
                """,
                Language: language);
    }
}
