using Marten;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.Mail;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.Registry;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>
/// Writes the mails that are due, on the instance that leads: all that is due for a person is one mail, in the transaction that says so of each notification,
/// so nothing is mailed twice or forgotten. Whoever has no address in their book has the inbox alone. After a mail nobody gets another one for a while
/// (<c>Notifications:MailPause</c>, 10 minutes): what happens in a row comes together. Nor does anybody get more than <see cref="MostOfADay"/> within a day.
/// </summary>
internal sealed partial class MailNotifications(
    IDocumentStore store, NpgsqlDataSource database, PersonKeys keys, OutgoingMail mail, UnsubscribeLinks links, IRegistry registry,
    NotificationSignals signals, IConfiguration configuration, TimeProvider clock, ILogger<MailNotifications> logger) : IWhileLeading
{
    /// <summary>The most mails of a person's in 24 hours; what happens beyond waits, and comes in one mail when there is room.</summary>
    public const int MostOfADay = 24;

    private const int AtOnce = 100;
    private static readonly TimeSpan OfADay = TimeSpan.FromDays(1);
    private static readonly TimeSpan PutOff = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly TimeSpan pause = configuration.GetValue("Notifications:MailPause", TimeSpan.FromMinutes(10));
    private readonly string address =
        configuration["Issuer:Address"] is { Length: > 0 } configured ? configured.TrimEnd('/') : "http://localhost:8080";

    public async Task RunAsync(CancellationToken leading)
    {
        while (true)
        {
            leading.ThrowIfCancellationRequested();
            var changed = signals.NextOfAnybody;
            var next = Look;
            try
            {
                next = await WriteDueAsync(leading);
            }
            catch (Exception exception) when (!leading.IsCancellationRequested)
            {
                NotWritten(exception.Message);
            }

            // Not at every notification: those that come together are written together.
            await Task.Delay(next < Again ? next : Again, clock, leading);
            if (next > Again)
            {
                await changed.WaitAsync(next - Again, clock, leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Writes all mails that are due now, and says when to look again.</summary>
    public async Task<TimeSpan> WriteDueAsync(CancellationToken ct)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var people = new List<Guid>();
            await using (var due = database.CreateCommand(
                """
                select n.person from people.notifications n
                where n.mail_due_at <= $1 and not exists (select from people.notifications m where m.person = n.person and m.mailed_at > $2)
                    and (select count(distinct m.mailed_at) from people.notifications m where m.person = n.person and m.mailed_at > $4) < $5
                group by n.person order by min(n.mail_due_at) limit $3
                """))
            {
                due.Parameters.Add(new() { Value = now });
                due.Parameters.Add(new() { Value = now - pause });
                due.Parameters.Add(new() { Value = AtOnce });
                due.Parameters.Add(new() { Value = now - OfADay });
                due.Parameters.Add(new() { Value = MostOfADay });
                await using var row = await due.ExecuteReaderAsync(ct);
                while (await row.ReadAsync(ct))
                {
                    people.Add(row.GetGuid(0));
                }
            }

            foreach (var person in people)
            {
                try
                {
                    await WriteAsync(person, now, ct);
                }
                catch (Exception exception) when (!ct.IsCancellationRequested)
                {
                    // A key that nobody can open, or a damaged seal: it is that person's alone, and nobody waits behind it.
                    NotWrittenTo(person, PutOff, exception.Message);
                    await PutOffAsync(person, now, ct);
                }
            }

            if (people.Count < AtOnce)
            {
                return await NextAsync(now, ct);
            }
        }
    }

    private async Task<TimeSpan> NextAsync(DateTimeOffset now, CancellationToken ct)
    {
        await using var next = database.CreateCommand("select min(mail_due_at) from people.notifications where mail_due_at > $1");
        next.Parameters.Add(new() { Value = now });
        return await next.ExecuteScalarAsync(ct) is DateTime due && new DateTimeOffset(due, TimeSpan.Zero) - now is var left && left < Look ? left : Look;
    }

    private async Task PutOffAsync(Guid person, DateTimeOffset now, CancellationToken ct)
    {
        await using var later = database.CreateCommand("update people.notifications set mail_due_at = $3 where person = $1 and mail_due_at <= $2");
        later.Parameters.Add(new() { Value = person });
        later.Parameters.Add(new() { Value = now });
        later.Parameters.Add(new() { Value = now + PutOff });
        await later.ExecuteNonQueryAsync(ct);
    }

    private async Task WriteAsync(Guid person, DateTimeOffset now, CancellationToken ct)
    {
        string? to;
        NotificationSettings settings;
        await using (var query = store.QuerySession())
        {
            settings = (await query.SettingsOfAsync([person], ct))[person];
            to = mail.IsConfigured ? await query.AddressOfAsync(keys, person, ct) : null;
            // What a profile takes for an address is wider than what a mail server does.
            to = MailMessage.CheckAddress("email", to) is null ? to : null;
        }

        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // What was put down while its person unsubscribed is not wanted either.
        NotificationKind[] kinds = to is null ? [] : [.. Enum.GetValues<NotificationKind>().Where(kind => settings.Of(kind) != MailDelivery.Off)];
        var (named, all) = await Notifications.TakeDueAsync(transaction, person, now, kinds, NotificationMail.MostNamed, ct);
        if (all > 0)
        {
            await using var session = store.LightweightSession(Marten.Services.SessionOptions.ForTransaction(transaction));
            var views = await NotificationView.OfAsync(named, settings.Language, session, registry, ct, MailMessage.Name);
            mail.Queue(session, null, NotificationMail.Of(settings.Language, to!, views, all, address, links.TokenOf(person)));
            await session.SaveChangesAsync(ct);
        }

        await transaction.CommitAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Mails about notifications could not be written; trying again: {Error}")]
    private partial void NotWritten(string error);

    [LoggerMessage(LogLevel.Warning, "The mail about notifications to {Person} could not be written; trying again in {Pause}: {Error}")]
    private partial void NotWrittenTo(Guid person, TimeSpan pause, string error);
}
