using VolunteerBook.Mail;

namespace VolunteerBook.Identity;

/// <summary>Hands over the mail that waits, at every instance: the claim in the row keeps them apart.</summary>
public sealed class SendMail(MailSender sender) : BackgroundService
{
    TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether there is somebody to hand it to.</summary>
    public bool HasServer => sender.HasServer;

    /// <summary>Says that a mail was committed. It only hastens: whoever is not told looks every few seconds.</summary>
    public void Written() => Interlocked.Exchange(ref written, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => sender.RunAsync(() => Volatile.Read(ref written).Task, stoppingToken);
}
