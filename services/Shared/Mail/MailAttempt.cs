namespace VolunteerBook.Mail;

/// <summary>What follows from an attempt.</summary>
/// <param name="Status">Where the mail stands.</param>
/// <param name="NextAt">When to try again, UTC; null where it is not.</param>
internal readonly record struct MailAttempt(MailStatus Status, DateTimeOffset? NextAt)
{
    /// <summary>How long a mail is tried.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(4);

    /// <summary>After a minute, two, four, … at most four hours, for three days.</summary>
    /// <param name="at">When the mail was asked for, UTC.</param>
    /// <param name="attempts">How many attempts there were, this one included.</param>
    /// <param name="reply">What became of it.</param>
    /// <param name="now">When it ended, UTC.</param>
    /// <param name="jitter">0 to 1: lengthens the pause by up to a tenth, so that what failed together does not come back together.</param>
    public static MailAttempt Decide(DateTimeOffset at, int attempts, MailReply reply, DateTimeOffset now, double jitter)
    {
        var pause = TimeSpan.FromMinutes(Math.Min(Math.Pow(2, attempts - 1), LongestPause.TotalMinutes));
        return reply.Accepted ? new(MailStatus.Sent, null)
            : reply.Final || now - at >= GiveUpAfter ? new(MailStatus.Failed, null)
            : new(MailStatus.Waiting, now + (pause * (1 + (jitter / 10))));
    }
}
