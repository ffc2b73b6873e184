using System.Globalization;
using Marten;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Mail;

/// <summary>
/// Mail out of a service: a row of <c>outgoing_mail</c>, written with what causes it, sent by the leader, and emptied of address, texts
/// and file as soon as it is sent or given up.
/// </summary>
public sealed class OutgoingMail
{
    private readonly MailSettings? settings;
    private readonly TimeProvider clock;

    internal OutgoingMail(MailSettings? settings, TimeProvider clock) => (this.settings, this.clock) = (settings, clock);

    /// <summary>Whether this installation sends mail.</summary>
    public bool IsConfigured => settings is not null;

    /// <summary>A conflict and not an outage: nothing changes until somebody configures a server, so that trying again leads nowhere.</summary>
    public static Refusal NotConfigured { get; } = Refusal.Conflict(
        "mail-not-configured", "This installation sends no e-mail, because no mail server is configured (Mail:Host).");

    /// <summary>The most mails that one person causes in a day, UTC, in each service that sends any.</summary>
    public const int MostOfAPerson = 50;

    /// <summary>The bound on what one person sends to strangers.</summary>
    public static Refusal TooMany { get; } = Refusal.Conflict(
        "too-many-mails", $"At most {MostOfAPerson} e-mails a day are sent for one person; try again tomorrow.");

    /// <summary>
    /// Puts a mail into the session; its saving sends it, sooner or later, or fails with a <see cref="RefusedException"/>, <see cref="TooMany"/>.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="sender">Who causes it, and may cause so many a day; null where the system writes of itself.</param>
    /// <param name="mail">The mail.</param>
    /// <returns>Its id: the row's.</returns>
    /// <exception cref="RefusedException">No server is configured.</exception>
    public Guid Queue(IDocumentSession session, Guid? sender, MailMessage mail)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(mail);
        if (settings is null)
        {
            throw new RefusedException(NotConfigured);
        }

        var (id, now) = (Guid.CreateVersion7(), clock.GetUtcNow());
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (sender is { } person)
        {
            session.QueueOperation(new CountMail(person, today));
            session.QueueSqlCommand("delete from mail_counts where day < ?", today);
        }

        foreach (var statement in MailTable.Insert(id, now, mail))
        {
            session.QueueSqlCommand(string.Format(CultureInfo.InvariantCulture, statement.Format, [.. statement.GetArguments().Select(_ => "?")]),
                statement.GetArguments()!);
        }

        return id;
    }
}
