using Marten;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>Where a mail stands. In the table by these names in small letters.</summary>
public enum MailStatus
{
    /// <summary>To be sent, or sent again.</summary>
    Waiting,

    /// <summary>The server took it.</summary>
    Sent,

    /// <summary>The server will not have it, or has not had it in three days.</summary>
    Failed,
}

/// <summary>
/// Mail out of a service: a row of <c>outgoing_mail</c>, written with what causes it, sent by the leader, and emptied of address, texts and file as soon as it is sent or given up.
/// </summary>
public sealed class OutgoingMail
{
    private readonly MailSettings? settings;
    private readonly TimeProvider clock;

    internal OutgoingMail(MailSettings? settings, TimeProvider clock) => (this.settings, this.clock) = (settings, clock);

    /// <summary>A conflict and not an outage: nothing changes until somebody configures a server, so that trying again leads nowhere.</summary>
    public static Refusal NotConfigured { get; } = Refusal.Conflict("mail-not-configured", "This installation sends no mail: no mail server is configured (Mail:Host).");

    /// <summary>Puts a mail into the session; its saving sends it, sooner or later.</summary>
    /// <returns>Its id: the row's.</returns>
    /// <exception cref="RefusedException">No server is configured.</exception>
    public Guid Queue(IDocumentSession session, Mail mail)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(mail);
        if (settings is null)
        {
            throw new RefusedException(NotConfigured);
        }

        var (id, now) = (Guid.CreateVersion7(), clock.GetUtcNow());
        session.QueueSqlCommand(
            "insert into outgoing_mail (id, at, recipient, subject, body, status, attempts, next_at) values (?, ?, ?, ?, ?, 'waiting', 0, ?)", id, now, mail.To, mail.Subject, mail.Text, now);
        if (mail.Attachment is { } file)
        {
            session.QueueSqlCommand("update outgoing_mail set file = ?, file_name = ?, file_type = ? where id = ?", file.Bytes, file.Name, file.MediaType, id);
        }

        return id;
    }
}

/// <summary>Registration.</summary>
public static class OutgoingMailSetup
{
    /// <summary>Lets the service send mail. Without <c>Mail:Host</c> it asks for nothing and refuses each mail.</summary>
    public static WebApplicationBuilder AddMail(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = MailSettings.Read(builder.Configuration);
        builder.Services.AddSingleton(provider => new OutgoingMail(settings, provider.GetRequiredService<TimeProvider>()));
        builder.Services.ConfigureMarten(options => options.Storage.ExtendedSchemaObjects.Add(Tables.OutgoingMail()));
        if (settings is not null)
        {
            builder.Services.AddSingleton<IWhileLeading>(provider => ActivatorUtilities.CreateInstance<SendMail>(provider, settings));
        }

        return builder;
    }
}
