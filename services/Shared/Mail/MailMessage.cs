using System.Globalization;
using System.Text.RegularExpressions;
using MimeKit;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Mail;

/// <summary>A mail to one person: a text, and beside it the same in the look of the product (<see cref="MailFrame"/>).</summary>
/// <param name="To">An address that <see cref="CheckAddress"/> lets through.</param>
/// <param name="Subject">One line.</param>
/// <param name="Text">What it says, in paragraphs; a link stands on a line of its own.</param>
/// <param name="Attachment">A file that goes with it, or null.</param>
/// <param name="Language">The reader's, <c>ru</c> or <c>en</c>.</param>
public sealed partial record MailMessage(string To, string Subject, string Text, MailAttachment? Attachment = null, string Language = "ru")
{
    /// <summary>
    /// Of a mail that its reader may want no more of: an address at which one POST ends them (RFC 8058), and which leads to a page that offers it.
    /// </summary>
    public Uri? Unsubscribe { get; init; }

    private const int LongestAddress = 254;
    private const int LongestName = 100;

    /// <summary>
    /// One address as it stands after RCPT TO (RFC 5321): no name, no list, no comment. The part before the @ is ASCII, so that every server takes it;
    /// the domain may be written in any letters.
    /// </summary>
    public static Refusal? CheckAddress(string field, string? address) =>
        address is { Length: > 2 and <= LongestAddress } && !Unseen().IsMatch(address)
            && MailboxAddress.TryParse(address, out var mailbox)
            && mailbox.Address == address && mailbox.LocalPart.All(char.IsAscii) && mailbox.Domain.Contains('.', StringComparison.Ordinal)
            ? null
            : Refusal.Invalid("email-shape", field, "The e-mail address must look like name@example.org.");

    /// <summary>
    /// A name that somebody typed, as it may stand in a mail to a stranger: letters, digits and the signs of names, one line, at most 100 characters. What
    /// could be read as an address or a link is taken apart: the mail says who causes it, and nothing else that they would like to have said.
    /// </summary>
    public static string Name(string typed)
    {
        ArgumentNullException.ThrowIfNull(typed);
        var letters = string.Concat(typed.Select((c, at) =>
            char.IsLetterOrDigit(c)
                || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                || "-'’«»“”\"№,()".Contains(c, StringComparison.Ordinal)
                || (c == '.' && (at + 1 == typed.Length || char.IsWhiteSpace(typed[at + 1]))) ? c : ' '));
        var name = string.Join(' ', letters.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return name.Length <= LongestName ? name : name[..LongestName].TrimEnd() + "…";
    }

    /// <summary>The message as it is sent. Whatever stands in the texts stays within its header or in the body: MimeKit encodes it.</summary>
    /// <param name="id">The row's: it makes the Message-ID, so that one that is sent again is known again.</param>
    /// <param name="from">The sender.</param>
    /// <param name="at">When it was asked for, UTC.</param>
    internal MimeMessage ToMessage(Guid id, MailboxAddress from, DateTimeOffset at)
    {
        var body = new BodyBuilder { TextBody = Text, HtmlBody = MailFrame.Html(this) };
        if (Attachment is { } file)
        {
            body.Attachments.Add(file.Name, file.Bytes, ContentType.Parse(file.MediaType));
        }

        var message = new MimeMessage
        {
            MessageId = $"{id:N}@{MailboxAddress.EncodeAddrspec(from.Address).Split('@')[^1]}",
            Date = at,
            Subject = Subject,
            Body = body.ToMessageBody(),
        };
        message.From.Add(from);
        message.To.Add(MailboxAddress.Parse(To));
        // RFC 3834: nobody's absence notice answers it.
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        if (Unsubscribe is { } unsubscribe)
        {
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{unsubscribe.AbsoluteUri}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }

        return message;
    }

    // Nothing in an address is invisible.
    [GeneratedRegex(@"[\s\p{Cc}\p{Cf}\p{Co}\p{Cn}]", RegexOptions.CultureInvariant)]
    private static partial Regex Unseen();
}

/// <summary>A file that goes with a mail.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="MediaType">E.g. <c>application/pdf</c>.</param>
/// <param name="Bytes">What is in it.</param>
public sealed record MailAttachment(string Name, string MediaType, byte[] Bytes);
