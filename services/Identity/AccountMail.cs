using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using VolunteerBook.Mail;

namespace VolunteerBook.Identity;

/// <summary>
/// Mail about an account, in the language of the request that causes it. It is written in the transaction of what it tells of: neither is there without the
/// other. Without a mail server none is written, and what it would have told happens all the same.
/// </summary>
public sealed class AccountMail(
    IdentityStore store, AccountLinks links, SendMail sender, IStringLocalizer<Texts> texts, TimeProvider clock)
{
    /// <summary>Whether this installation sends any.</summary>
    public bool IsSent => sender.HasServer;

    /// <summary>Does something and writes mail that tells of it, or does neither.</summary>
    /// <param name="doIt">What is to be done in the same database; false where it turns out to be impossible, and nothing is kept.</param>
    /// <param name="mails">The mails.</param>
    /// <returns>Whether it was done.</returns>
    public async Task<bool> TellAsync(Func<Task<bool>> doIt, params IReadOnlyList<MailMessage> mails)
    {
        await using var transaction = await store.Database.BeginTransactionAsync();
        if (!await doIt()) return false;

        // An address from before they were looked at is told nothing.
        var (now, sent) = (clock.GetUtcNow(), mails.Where(mail => IsSent && MailMessage.CheckAddress("to", mail.To) is null).ToList());
        foreach (var statement in sent.SelectMany(mail => MailTable.Insert(Guid.CreateVersion7(now), now, mail)))
            await store.Database.ExecuteSqlAsync(statement);
        await transaction.CommitAsync();
        if (sent.Count > 0) sender.Written();
        return true;
    }

    /// <summary>Writes mail that tells of nothing that is kept.</summary>
    public Task TellAsync(MailMessage mail) => TellAsync(() => Task.FromResult(true), mail);

    /// <summary>A mail by the name of its texts: Mail…Subject and Mail…Text in Texts.resx.</summary>
    public MailMessage Of(string name, string to, params object[] arguments) => new(
        to, texts[$"Mail{name}Subject"], texts[$"Mail{name}Text", arguments], Language: CultureInfo.CurrentUICulture.TwoLetterISOLanguageName);

    /// <summary>The mail with a link, which is saved with whatever is saved next. None, and no link, where it would not be sent.</summary>
    public IReadOnlyList<MailMessage> WithLink(Guid account, LinkPurpose purpose, string address) =>
        IsSent ? [Of(purpose.ToString(), address, links.New(account, purpose, address))] : [];

    /// <summary>Removes what is done with, so many at a time that no transaction is long.</summary>
    public async Task PruneAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var over = MailTable.IsOver.Replace("$1", "{0}", StringComparison.Ordinal);
        var remove = $"delete from {MailTable.Name} where id = any (array(select id from {MailTable.Name} kept where {over} limit {{1}}))";
        while (await store.Database.ExecuteSqlRawAsync(remove, [before, Upkeep.BatchSize], cancellation) == Upkeep.BatchSize)
        {
        }
    }
}
