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
        var applications = await store.Users.Where(account => account.CodeKey != null).ToListAsync(ct);
        foreach (var account in applications) account.CodeKey = master.Rewrap(account.CodeKey, SecondStep.Purpose);
        await store.SaveChangesAsync(ct);
        return tokens.Count + cookies.Count + applications.Count;
    }
}
