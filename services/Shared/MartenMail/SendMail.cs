using VolunteerBook.EventSourcing;

namespace VolunteerBook.Mail;

/// <summary>The leader's part. For a moment two instances may believe to lead: the claim in the row keeps them apart.</summary>
internal sealed class SendMail(MailSender sender, StoreSignals signals) : IWhileLeading
{
    // What is asked for comes with an append, which is told.
    public Task RunAsync(CancellationToken leading) => sender.RunAsync(() => signals.NextAppend, leading);
}
