using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Security.Cryptography;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Mail;

/// <summary>
/// Hands waiting mail to the server, one after the other. A mail is claimed in the table for longer than an attempt takes: for a moment two instances may
/// believe to lead. What the server took and nobody could note any more is sent again under the same Message-ID; nothing can be sent exactly once.
/// </summary>
internal sealed partial class SendMail(MailSettings settings, NpgsqlDataSource database, StoreSignals signals, TimeProvider clock, ILogger<SendMail> logger)
    : IWhileLeading
{
    // Less than a host gives to end in order: an attempt that has begun is finished and noted, whoever wants to stop.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    // What is asked for comes with an append, which is told; this is for what is to be tried again.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly Counter<long> Attempts = Telemetry.Meter.CreateCounter<long>(
        "volunteerbook.mail.attempts", "{attempt}", "Attempts to hand e-mails to the server, by outcome");

    public async Task RunAsync(CancellationToken leading)
    {
        while (true)
        {
            leading.ThrowIfCancellationRequested();
            var appended = signals.NextAppend;
            var sent = false;
            try
            {
                if (await ClaimAsync(leading) is { } due)
                {
                    await SendAsync(due);
                    sent = true;
                }
            }
            catch (Exception exception) when (!leading.IsCancellationRequested)
            {
                NotNoted(exception.Message);
            }

            if (!sent)
            {
                await appended.WaitAsync(Look, leading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SendAsync(Due due)
    {
        var reply = await AttemptAsync(due.Mail.ToMessage(due.Id, settings.From, due.At));
        var now = clock.GetUtcNow();
        var attempt = MailAttempt.Decide(due.At, due.Attempts + 1, reply, now, RandomNumberGenerator.GetInt32(1000) / 1000.0);
        var status = attempt.Status.ToString().ToLowerInvariant();
        Attempts.Add(1, new KeyValuePair<string, object?>("outcome", status));
        if (attempt.Status == MailStatus.Failed)
        {
            GivenUp(due.Id, due.Attempts + 1, reply.Code, reply.Error);
        }

        await using var command = database.CreateCommand(Noted);
        command.Parameters.Add(new() { Value = due.Id });
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = (object?)attempt.NextAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = (object?)reply.Code ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (object?)reply.Error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync();
    }

    // What the server says in words may repeat the address: only its code is kept.
    private async Task<MailReply> AttemptAsync(MimeMessage message)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var client = new SmtpClient { Timeout = (int)Limit.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(settings.Host, settings.Port, settings.Security, limit.Token);
            if (settings.User is { } user)
            {
                await client.AuthenticateAsync(user, settings.Password, limit.Token);
            }

            await client.SendAsync(message, limit.Token);
            // Leaving without a goodbye is no failure: the server has the mail.
            await client.DisconnectAsync(quit: true, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return MailReply.Taken;
        }
        catch (SmtpCommandException said)
        {
            // A sender that is refused is ours to mend, and no matter of this one mail.
            return new MailReply(
                false, (int)said.StatusCode, "refused",
                said.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted && (int)said.StatusCode >= 500);
        }
        catch (OperationCanceledException)
        {
            return new MailReply(false, null, "timeout");
        }
        catch (Exception failure) when (failure is AuthenticationException or MailKit.ServiceNotAuthenticatedException)
        {
            return new MailReply(false, null, "not-signed-in");
        }
        catch (Exception failure) when (failure is SslHandshakeException or NotSupportedException)
        {
            return new MailReply(false, null, "not-secured");
        }
        catch (Exception failure) when (failure is SocketException or IOException or SmtpProtocolException or MailKit.ServiceNotConnectedException)
        {
            return new MailReply(false, null, "unreachable");
        }
    }

    private async Task<Due?> ClaimAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(Claimed);
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = Limit * 2 });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            return null;
        }

        var file = await row.IsDBNullAsync(6, ct) ? null : new MailAttachment(row.GetString(7), row.GetString(8), row.GetFieldValue<byte[]>(6));
        return new Due(
            row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt32(2), new MailMessage(row.GetString(3), row.GetString(4), row.GetString(5), file));
    }

    private sealed record Due(Guid Id, DateTimeOffset At, int Attempts, MailMessage Mail);

    private const string Claimed =
        """
        update outgoing_mail set claimed_until = now() + $2
        where id = (
            select id from outgoing_mail where status = 'waiting' and next_at <= $1 and (claimed_until is null or claimed_until <= now())
            order by next_at limit 1 for update skip locked)
        returning id, at, attempts, recipient, subject, body, file, file_name, file_type
        """;

    private const string Noted =
        """
        update outgoing_mail set status = $2, next_at = $3, attempts = attempts + 1, last_at = $4, last_code = $5, last_error = $6, claimed_until = null,
            recipient = case when $2 = 'waiting' then recipient end, subject = case when $2 = 'waiting' then subject end, body = case
                when $2 = 'waiting' then body end,
            file = case when $2 = 'waiting' then file end, file_name = case when $2 = 'waiting' then file_name end
        where id = $1 and status = 'waiting'
        """;

    [LoggerMessage(LogLevel.Warning, "Mail {Id} was given up after {Attempts} attempts: {Code} {Error}")]
    private partial void GivenUp(Guid id, int attempts, int? code, string? error);

    [LoggerMessage(LogLevel.Warning, "Waiting e-mails could not be looked up, or their outcome could not be recorded: {Error}")]
    private partial void NotNoted(string error);
}
