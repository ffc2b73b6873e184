using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace VolunteerBook.Identity;

/// <summary>The sessions of all accounts, in the database, so that one that is ended is ended at every instance and for every copy of its cookie.</summary>
public sealed class Sessions(IdentityStore store, BackChannelLogout clients, TimeProvider clock)
{
    /// <summary>The claim of tokens, and the name within the cookie, that says which session it is of.</summary>
    public const string Name = "sid";

    static readonly TimeSpan Precision = TimeSpan.FromMinutes(1);

    /// <summary>Begins one for an account that has just signed in; the cookie is to carry what is put into the properties.</summary>
    public async Task BeginAsync(Account account, string browser, AuthenticationProperties properties)
    {
        var now = clock.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account.Id,
            StartedAt = now,
            UsedAt = now,
            Browser = browser[..Math.Min(browser.Length, Session.LongestBrowser)],
        };
        store.Sessions.Add(session);
        await store.SaveChangesAsync();
        properties.SetString(Name, session.Id.ToString());
    }

    /// <summary>The session that a cookie names.</summary>
    public static Guid? Of(AuthenticationProperties? cookie) => Parse(cookie?.GetString(Name));

    /// <summary>The session that a code or token names.</summary>
    public static Guid? Of(ClaimsPrincipal? token) => Parse(token?.GetClaim(Name));

    /// <summary>Whether the account's session has not been ended; it is noted as used.</summary>
    public async Task<bool> StandsAsync(Guid? id, string? account)
    {
        var usedAt = await Known(id, account).Select(session => (DateTimeOffset?)session.UsedAt).FirstOrDefaultAsync();
        var now = clock.GetUtcNow();
        if (usedAt < now - Precision) await Known(id, account).ExecuteUpdateAsync(change => change.SetProperty(session => session.UsedAt, now));
        return usedAt is not null;
    }

    /// <summary>Notes that a client is given a code in the session.</summary>
    public async Task NoteAsync(Guid? id, string client)
    {
        if (await store.Sessions.FirstOrDefaultAsync(session => session.Id == id) is not { } session || session.Clients.Contains(client)) return;
        session.Clients = [.. session.Clients, client];
        await store.SaveChangesAsync();
    }

    /// <summary>Those of an account, the last used first.</summary>
    public Task<List<Session>> OfAsync(Guid account) =>
        store.Sessions.AsNoTracking().Where(session => session.AccountId == account).OrderByDescending(session => session.UsedAt).ToListAsync();

    /// <summary>Ends the account's session, here and at the clients that it was used for; nothing happens when it is not the account's, or has ended.</summary>
    public async Task EndAsync(Guid? id, string? account)
    {
        if (await Known(id, account).AsNoTracking().FirstOrDefaultAsync() is { } session && await Known(id, account).ExecuteDeleteAsync() > 0)
            await clients.TellAsync(session);
    }

    /// <summary>Ends all of an account but one, in the transaction of what ends them. The clients are to be told after it.</summary>
    /// <returns>Those that have ended.</returns>
    public async Task<List<Session>> RemoveAsync(Guid account, Guid? but)
    {
        var all = store.Sessions.Where(session => session.AccountId == account && session.Id != but);
        var ended = await all.AsNoTracking().ToListAsync();
        await all.ExecuteDeleteAsync();
        return ended;
    }

    /// <summary>Tells the clients of these.</summary>
    public Task TellAsync(IEnumerable<Session> ended) => Task.WhenAll(ended.Select(clients.TellAsync));

    /// <summary>Forgets those of which no cookie and no token can be alive any more, so many at a time that no transaction is long.</summary>
    public async Task PruneAsync(DateTimeOffset unusedSince, CancellationToken cancellation)
    {
        var unused = store.Sessions.Where(session => session.UsedAt < unusedSince);
        var some = unused.OrderBy(session => session.Id).Select(session => session.Id).Take(Upkeep.BatchSize);
        // Said twice: one that is used meanwhile stays.
        while (await unused.Where(session => some.Contains(session.Id)).ExecuteDeleteAsync(cancellation) == Upkeep.BatchSize)
        {
        }
    }

    /// <summary>Looks at every cookie that comes: whether its session stands. With an account, and with its password, sessions end.</summary>
    public static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var services = context.HttpContext.RequestServices;
        var account = services.GetRequiredService<UserManager<Account>>().GetUserId(context.Principal!);
        if (!await services.GetRequiredService<Sessions>().StandsAsync(Of(context.Properties), account)) context.RejectPrincipal();
    }

    IQueryable<Session> Known(Guid? id, string? account)
    {
        var owner = Parse(account);
        return store.Sessions.Where(session => session.Id == id && session.AccountId == owner);
    }

    static Guid? Parse(string? text) => Guid.TryParse(text, out var id) ? id : null;
}
