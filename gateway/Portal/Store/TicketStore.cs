using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Caching.Distributed;

namespace VolunteerBook.Portal;

/// <summary>
/// Sessions with their tokens, on the server. In this process' memory unless another <see cref="IDistributedCache"/> is
/// registered; a session that is gone costs one silent round trip to the authority.
/// </summary>
public sealed class TicketStore(IDistributedCache cache, IDataProtectionProvider protection) : ITicketStore
{
    readonly IDataProtector protector = protection.CreateProtector("VolunteerBook.Portal.TicketStore");

    /// <inheritdoc/>
    public async Task<string> StoreAsync(AuthenticationTicket ticket)
    {
        var key = Guid.NewGuid().ToString("N");
        await RenewAsync(key, ticket);
        return key;
    }

    /// <inheritdoc/>
    public Task RenewAsync(string key, AuthenticationTicket ticket) => cache.SetAsync(
        Name(key),
        protector.Protect(TicketSerializer.Default.Serialize(ticket)),
        new DistributedCacheEntryOptions { AbsoluteExpiration = ticket.Properties.ExpiresUtc ?? DateTimeOffset.UtcNow.AddHours(12) });

    /// <inheritdoc/>
    public async Task<AuthenticationTicket?> RetrieveAsync(string key) =>
        await cache.GetAsync(Name(key)) is { } bytes ? TicketSerializer.Default.Deserialize(protector.Unprotect(bytes)) : null;

    /// <inheritdoc/>
    public Task RemoveAsync(string key) => cache.RemoveAsync(Name(key));

    static string Name(string key) => "session:" + key;
}
