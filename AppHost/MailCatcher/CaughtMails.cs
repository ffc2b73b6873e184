using MimeKit;

namespace VolunteerBook.MailCatcher;

/// <summary>A mail that was caught.</summary>
/// <param name="Id">Counted from one.</param>
/// <param name="At">When it came, UTC.</param>
/// <param name="To">Of the envelope.</param>
/// <param name="Bytes">How long it was.</param>
/// <param name="Message">As a mail program reads it.</param>
public sealed record CaughtMail(int Id, DateTimeOffset At, IReadOnlyList<string> To, long Bytes, MimeMessage Message);

/// <summary>The mails of this process, in memory: the last of them, and no more than so many bytes.</summary>
public sealed class CaughtMails(TimeProvider clock)
{
    /// <summary>The most that are kept.</summary>
    public const int Most = 500;

    /// <summary>The most bytes that all of them have.</summary>
    public const long MostBytes = 32 * 1024 * 1024;

    private readonly LinkedList<CaughtMail> mails = [];
    private long bytes;
    private int last;

    /// <summary>The newest first.</summary>
    public IReadOnlyList<CaughtMail> All
    {
        get
        {
            lock (mails)
            {
                return [.. mails];
            }
        }
    }

    /// <summary>One of them; null when there is none of that number, or no more.</summary>
    public CaughtMail? Find(int id) => All.FirstOrDefault(mail => mail.Id == id);

    /// <summary>Keeps one, and lets go of the oldest where they are too many.</summary>
    public void Add(IReadOnlyList<string> to, MimeMessage message, long length)
    {
        lock (mails)
        {
            mails.AddFirst(new CaughtMail(++last, clock.GetUtcNow(), to, length, message));
            bytes += length;
            while (mails.Count > Most || (bytes > MostBytes && mails.Count > 1))
            {
                bytes -= mails.Last!.Value.Bytes;
                mails.RemoveLast();
            }
        }
    }
}
