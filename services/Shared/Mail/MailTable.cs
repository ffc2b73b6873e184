using System.Runtime.CompilerServices;

namespace VolunteerBook.Mail;

/// <summary>
/// The table of mail to be sent, <c>outgoing_mail</c>, in the service's own database, and what is written into it. What was sent or given up keeps its row
/// for a while, without a word that says to whom or what.
/// </summary>
public static class MailTable
{
    /// <summary>Its name.</summary>
    public const string Name = "outgoing_mail";

    /// <summary>How long a row is kept that is done with, in days, unless <c>Retention:MailDays</c> says otherwise, and the fewest that may be set.</summary>
    public const int KeptDays = 365, LeastDays = 7;

    /// <summary>
    /// Whether a row, which the condition calls <c>kept</c>, is done with before <c>$1</c>: it is of interest for as long as somebody may ask whether the mail
    /// was sent; it is tried for three days.
    /// </summary>
    public const string IsOver = "kept.at < $1 and kept.last_at < $1 and kept.status in ('sent', 'failed')";

    /// <summary>Its columns; the first is the key.</summary>
    public static IReadOnlyList<(string Name, string Type, bool Needed)> Columns { get; } =
    [
        ("id", "uuid", true),
        ("at", "timestamptz", true),
        ("recipient", "text", false),
        ("subject", "text", false),
        ("body", "text", false),
        ("file", "bytea", false),
        ("file_name", "text", false),
        ("file_type", "text", false),
        ("status", "text", true),
        ("attempts", "integer", true),
        // Not before; null where it is not tried again.
        ("next_at", "timestamptz", false),
        // An instance is sending it until then, by the database's clock.
        ("claimed_until", "timestamptz", false),
        ("last_at", "timestamptz", false),
        ("last_code", "integer", false),
        ("last_error", "text", false),
        // Of the frame around the text; Russian where there is none.
        ("language", "text", false),
        // Where its reader ends such mails.
        ("unsubscribe", "text", false),
    ];

    /// <summary>
    /// Its indexes: by what is to be sent next, and by age. Rows come in the order of time: a block range index finds the old ones and costs an insert next
    /// to nothing.
    /// </summary>
    public static IReadOnlyList<(string Name, string Method, string[] Columns)> Indexes { get; } =
        [("outgoing_mail_next", "btree", ["status", "next_at"]), ("outgoing_mail_at", "brin", ["at"])];

    /// <summary>Makes the table, or adds to it what it has not yet; for services whose tables Marten does not make.</summary>
    public static string Ensure { get; } = string.Concat(
        [
            $"CREATE TABLE IF NOT EXISTS {Name} (id uuid PRIMARY KEY);\n",
            .. Columns.Skip(1).Select(column =>
                $"ALTER TABLE {Name} ADD COLUMN IF NOT EXISTS {column.Name} {column.Type}{(column.Needed ? " NOT NULL" : "")};\n"),
            .. Indexes.Select(index => $"CREATE INDEX IF NOT EXISTS {index.Name} ON {Name} USING {index.Method} ({string.Join(", ", index.Columns)});\n"),
        ]);

    /// <summary>What writes a mail, to be run in the transaction of what causes it.</summary>
    /// <param name="id">The row's.</param>
    /// <param name="now">UTC; it is to be sent from then on.</param>
    /// <param name="mail">The mail.</param>
    public static IEnumerable<FormattableString> Insert(Guid id, DateTimeOffset now, MailMessage mail)
    {
        ArgumentNullException.ThrowIfNull(mail);
        yield return FormattableStringFactory.Create(
            "insert into outgoing_mail (id, at, recipient, subject, body, language, status, attempts, next_at) "
                + "values ({0}, {1}, {2}, {3}, {4}, {5}, 'waiting', 0, {6})",
            id, now, mail.To, mail.Subject, mail.Text, mail.Language, now);
        if (mail.Attachment is { } file)
        {
            yield return FormattableStringFactory.Create(
                "update outgoing_mail set file = {0}, file_name = {1}, file_type = {2} where id = {3}", file.Bytes, file.Name, file.MediaType, id);
        }

        if (mail.Unsubscribe is { } unsubscribe)
        {
            yield return FormattableStringFactory.Create(
                "update outgoing_mail set unsubscribe = {0} where id = {1}", unsubscribe.AbsoluteUri, id);
        }
    }

    internal const string Claim =
        """
        update outgoing_mail set claimed_until = now() + $2
        where id = (
            select id from outgoing_mail where status = 'waiting' and next_at <= $1 and (claimed_until is null or claimed_until <= now())
            order by next_at limit 1 for update skip locked)
        returning id, at, attempts, recipient, subject, body, file, file_name, file_type, language, unsubscribe
        """;

    internal const string Note =
        """
        update outgoing_mail set status = $2, next_at = $3, attempts = attempts + 1, last_at = $4, last_code = $5, last_error = $6, claimed_until = null,
            recipient = case when $2 = 'waiting' then recipient end, subject = case when $2 = 'waiting' then subject end, body = case
                when $2 = 'waiting' then body end,
            file = case when $2 = 'waiting' then file end, file_name = case when $2 = 'waiting' then file_name end,
            unsubscribe = case when $2 = 'waiting' then unsubscribe end
        where id = $1 and status = 'waiting'
        """;

    internal const string GiveUp =
        """
        update outgoing_mail set status = 'failed', next_at = null, last_at = $1, last_error = 'no-server', claimed_until = null,
            recipient = null, subject = null, body = null, file = null, file_name = null, unsubscribe = null
        where status = 'waiting' and at <= $2
        """;
}
