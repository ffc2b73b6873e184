using Microsoft.EntityFrameworkCore;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>Keys of tokens, of cookies and of authenticator applications.</summary>
sealed class KeysUnderTheMasterKey(IServiceScopeFactory scopes, MasterKey master) : IUnderTheMasterKey
{
    public async Task<int> RewrapAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<IdentityStore>();
        var (tokens, cookies) = (await store.TokenKeys.ToListAsync(ct), await store.DataProtectionKeys.ToListAsync(ct));
        foreach (var key in tokens) store.Entry(key).Property(k => k.Protected).CurrentValue = master.Rewrap(key.Protected, Keys.Purpose(key.Use));
        foreach (var key in cookies) key.Xml = ServiceDefaults.CookieKeys.Rewrap(master, key.Xml!);
        await store.SaveChangesAsync(ct);

        // Accounts change meanwhile: a key that another has taken the place of is left alone, and a page that has read the old one saves nothing of it.
        var (applications, done) = (await store.Users.Where(account => account.CodeKey != null).Select(a => new { a.Id, a.CodeKey }).ToListAsync(ct), 0);
        foreach (var old in applications)
        {
            var (key, stamp) = (master.Rewrap(old.CodeKey, SecondStep.Purpose), Guid.CreateVersion7().ToString());
            done += await store.Users.Where(account => account.Id == old.Id && account.CodeKey == old.CodeKey).ExecuteUpdateAsync(
                change => change.SetProperty(account => account.CodeKey, key).SetProperty(account => account.ConcurrencyStamp, stamp), ct);
        }

        return tokens.Count + cookies.Count + done;
    }
}
