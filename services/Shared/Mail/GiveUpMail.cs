using Microsoft.Extensions.Logging;
using Npgsql;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Mail;

/// <summary>
/// Where no server is configured any more: gives up mail that still waits for one when its time is over, so that nothing of it is kept for longer than with
/// a server. Until then a server that is configured again gets it.
/// </summary>
internal sealed partial class GiveUpMail(NpgsqlDataSource database, TimeProvider clock, ILogger<GiveUpMail> logger) : IWhileLeading
{
    public Task RunAsync(CancellationToken leading) =>
        clock.EveryAsync(TimeSpan.FromHours(1), GiveUpAsync, exception => NotGivenUp(exception.Message), leading);

    private async Task GiveUpAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            update outgoing_mail set status = 'failed', next_at = null, last_at = $1, last_error = 'no-server', claimed_until = null,
                recipient = null, subject = null, body = null, file = null, file_name = null
            where status = 'waiting' and at <= $2
            """);
        var now = clock.GetUtcNow();
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = now - MailAttempt.GiveUpAfter });
        if (await command.ExecuteNonQueryAsync(ct) is var mails and > 0)
        {
            GivenUp(mails);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Mails} e-mails were given up: no mail server was configured for three days (Mail:Host)")]
    private partial void GivenUp(int mails);

    [LoggerMessage(LogLevel.Warning, "E-mails that wait for a server could not be given up; the next try is in an hour: {Error}")]
    private partial void NotGivenUp(string error);
}
