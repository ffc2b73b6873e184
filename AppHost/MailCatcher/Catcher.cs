using System.Buffers;
using System.Net;
using MimeKit;
using SmtpServer;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace VolunteerBook.MailCatcher;

/// <summary>Takes whatever mail comes, for whomever, and sends nothing on.</summary>
internal sealed class Catcher(CaughtMails mails, IConfiguration configuration) : BackgroundService
{
    private const int LongestMail = 16 * 1024 * 1024;

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new SmtpServerOptionsBuilder()
            .ServerName("localhost")
            .MaxMessageSize(LongestMail, MaxMessageSizeHandling.Strict)
            .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, configuration.GetValue("SmtpPort", 2525))))
            .Build();
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(new Store(mails));
        return new SmtpServer.SmtpServer(options, services).StartAsync(stoppingToken);
    }

    private sealed class Store(CaughtMails mails) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            using var raw = new MemoryStream(buffer.ToArray());
            try
            {
                mails.Add([.. transaction.To.Select(to => $"{to.User}@{to.Host}")], MimeMessage.Load(raw, cancellationToken), raw.Length);
                return Task.FromResult(SmtpResponse.Ok);
            }
            catch (FormatException)
            {
                return Task.FromResult(SmtpResponse.TransactionFailed);
            }
        }
    }
}
