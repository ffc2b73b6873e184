namespace VolunteerBook.Mail;

/// <summary>What became of one attempt to hand a mail over.</summary>
/// <param name="Accepted">The server has it.</param>
/// <param name="Code">The server's reply (RFC 5321, 4.2); null without one.</param>
/// <param name="Error">Without the mail being taken: <c>refused</c>, <c>timeout</c>, <c>unreachable</c>, <c>not-signed-in</c> or <c>not-secured</c>.</param>
/// <param name="Final">The server will not have this mail, however often it is asked.</param>
internal sealed record MailReply(bool Accepted, int? Code, string? Error, bool Final = false)
{
    public static MailReply Taken { get; } = new(true, 250, null);
}
