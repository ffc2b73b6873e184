using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Security.Cryptography;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Mail;

/// <summary>
/// Hands waiting mail to the server, one after the other. A mail is claimed in the table for longer than an attempt takes: several instances may do this at
/// once. What the server took and nobody could note any more is sent again under the same Message-ID; nothing can be sent exactly once. Where no server is
/// configured any more, mail that waits for one is given up when its time is over, so that nothing of it is kept for longer than with a server; until then a
/// server that is configured again gets it.
/// </summary>
/// <param name="settings">The server; null where there is none.</param>
/// <param name="database">The service's, with the table.</param>
public sealed partial class MailSender(MailSettings? settings, NpgsqlDataSource database, TimeProvider clock, ILogger<MailSender> logger)
{
    // Less than a host gives to end in order: an attempt that has begun is finished and noted, whoever wants to stop.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    // Whoever writes a mail tells; this is for what is to be tried again.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly Counter<long> Attempts = Telemetry.Meter.CreateCounter<long>(
        "volunteerbook.mail.attempts", "{attempt}", "Attempts to hand e-mails to the server, by outcome");

    /// <summary>Whether a server is configured.</summary>
    public bool HasServer => settings is not null;

    /// <summary>Goes on until it is told to stop.</summary>
    /// <param name="written">A task that ends when a mail may have been written after this was called.</param>
    /// <param name="stopping">When to stop.</param>
    public Task RunAsync(Func<Task> written, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(written);
        return settings is null
            ? clock.EveryAsync(TimeSpan.FromHours(1), GiveUpAsync, exception => NotGivenUp(exception.Message), stopping)
            : SendAllAsync(settings, written, stopping);
    }

    private async Task SendAllAsync(MailSettings server, Func<Task> written, CancellationToken stopping)
    {
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            var next = written();
            var sent = false;
            try
            {
                if (await ClaimAsync(stopping) is { } due)
                {
                    await SendAsync(server, due);
                    sent = true;
                }
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                NotNoted(exception.Message);
            }

            if (!sent)
            {
                await next.WaitAsync(Look, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SendAsync(MailSettings server, Due due)
    {
        var reply = await AttemptAsync(server, due.Mail.ToMessage(due.Id, server.From, due.At));
        var now = clock.GetUtcNow();
        var attempt = MailAttempt.Decide(due.At, due.Attempts + 1, reply, now, RandomNumberGenerator.GetInt32(1000) / 1000.0);
        var status = attempt.Status.ToString().ToLowerInvariant();
        Attempts.Add(1, new KeyValuePair<string, object?>("outcome", status));
        if (attempt.Status == MailStatus.Failed)
        {
            GivenUp(due.Id, due.Attempts + 1, reply.Code, reply.Error);
        }

        await using var command = database.CreateCommand(MailTable.Note);
        command.Parameters.Add(new() { Value = due.Id });
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = (object?)attempt.NextAt ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = (object?)reply.Code ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = (object?)reply.Error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync();
    }

    // What the server says in words may repeat the address: only its code is kept.
    private static async Task<MailReply> AttemptAsync(MailSettings server, MimeMessage message)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var client = new SmtpClient { Timeout = (int)Limit.TotalMilliseconds };
        try
        {
            await client.ConnectAsync(server.Host, server.Port, server.Security, limit.Token);
            if (server.User is { } user)
            {
                await client.AuthenticateAsync(user, server.Password, limit.Token);
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
        await using var command = database.CreateCommand(MailTable.Claim);
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        command.Parameters.Add(new() { Value = Limit * 2 });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
        {
            return null;
        }

        var file = await row.IsDBNullAsync(6, ct) ? null : new MailAttachment(row.GetString(7), row.GetString(8), row.GetFieldValue<byte[]>(6));
        var language = await row.IsDBNullAsync(9, ct) ? "ru" : row.GetString(9);
        return new Due(
            row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt32(2),
            new MailMessage(row.GetString(3), row.GetString(4), row.GetString(5), file, language)
            {
                Unsubscribe = await row.IsDBNullAsync(10, ct) ? null : new Uri(row.GetString(10)),
            });
    }

    private async Task GiveUpAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(MailTable.GiveUp);
        var now = clock.GetUtcNow();
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now - MailAttempt.GiveUpAfter });
        if (await command.ExecuteNonQueryAsync(ct) is var mails and > 0)
        {
            AllGivenUp(mails);
        }
    }

    private sealed record Due(Guid Id, DateTimeOffset At, int Attempts, MailMessage Mail);

    [LoggerMessage(LogLevel.Warning, "Mail {Id} was given up after {Attempts} attempts: {Code} {Error}")]
    private partial void GivenUp(Guid id, int attempts, int? code, string? error);

    [LoggerMessage(LogLevel.Warning, "Waiting e-mails could not be looked up, or their outcome could not be recorded: {Error}")]
    private partial void NotNoted(string error);

    [LoggerMessage(LogLevel.Warning, "{Mails} e-mails were given up: no mail server was configured for three days (Mail:Host)")]
    private partial void AllGivenUp(int mails);

    [LoggerMessage(LogLevel.Warning, "E-mails that wait for a server could not be given up; the next try is in an hour: {Error}")]
    private partial void NotGivenUp(string error);
}
