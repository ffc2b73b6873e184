using Microsoft.EntityFrameworkCore;
using VolunteerBook.Mail;

namespace VolunteerBook.Identity;

/// <summary>
/// Links in mails about accounts. To look at a link uses nothing up: mail servers do that before the reader. What it is for is done by the form on its page,
/// once.
/// </summary>
public sealed class AccountLinks(IdentityStore store, IConfiguration configuration, TimeProvider clock)
{
    /// <summary>How long one is good.</summary>
    public static TimeSpan Lifetime(LinkPurpose purpose) => purpose is LinkPurpose.NewPassword ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);

    /// <summary>Makes one, to be saved with what causes it.</summary>
    /// <returns>The address to be written into the mail.</returns>
    public string New(Guid account, LinkPurpose purpose, string address)
    {
        var token = LinkToken.New();
        store.Links.Add(new()
        {
            Hash = LinkToken.Hash(token),
            AccountId = account,
            Purpose = purpose,
            Address = address,
            Until = clock.GetUtcNow() + Lifetime(purpose),
        });
        var page = purpose is LinkPurpose.NewPassword ? "new-password" : "confirm";
        return $"{configuration["Identity:Issuer"]!.TrimEnd('/')}/account/{page}?token={token}";
    }

    /// <summary>What a link is good for; nothing when it was used, has ended or was made up.</summary>
    public Task<AccountLink?> FindAsync(string? token) => Known(token).AsNoTracking().FirstOrDefaultAsync();

    /// <summary>Uses it up, in the transaction of what it is for. False when somebody else was faster.</summary>
    public async Task<bool> UseAsync(string? token) => await Known(token).ExecuteDeleteAsync() == 1;

    /// <summary>Those of an account that were sent for this are good no more.</summary>
    public Task ForgetAsync(Guid account, LinkPurpose purpose) =>
        store.Links.Where(link => link.AccountId == account && link.Purpose == purpose).ExecuteDeleteAsync();

    /// <summary>Removes those that have ended, so many at a time that no transaction is long.</summary>
    public async Task PruneAsync(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var some = store.Links.Where(link => link.Until <= now).OrderBy(link => link.Hash).Select(link => link.Hash).Take(Upkeep.BatchSize);
        while (await store.Links.Where(link => some.Contains(link.Hash)).ExecuteDeleteAsync(cancellation) == Upkeep.BatchSize)
        {
        }
    }

    IQueryable<AccountLink> Known(string? token)
    {
        var (hash, now) = (LinkToken.Hash(token ?? ""), clock.GetUtcNow());
        return store.Links.Where(link => link.Hash == hash && link.Until > now);
    }
}
