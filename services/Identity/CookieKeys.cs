using Microsoft.AspNetCore.DataProtection;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>
/// Data protection keys (cookies, antiforgery) in the database, under the master key, so that a restart and a second instance
/// read the same cookies.
/// </summary>
public static class CookieKeys
{
    public static void AddCookieKeys(this WebApplicationBuilder builder, MasterKey master) =>
        builder.Services.AddDataProtection().SetApplicationName("volunteerbook-identity").PersistKeysToDbContext<IdentityStore>().ProtectKeysWith(master);

    /// <summary>Its name stands beside keys that were stored before all services had it in common: do not rename.</summary>
    public sealed class CookieKeyDecryptor(IServiceProvider services) : ServiceDefaults.CookieKeys.CookieKeyDecryptor(services);
}
