using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using VolunteerBook.Contracts.Vocabulary;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

/// <summary>
/// Accounts and a grant for demonstrations. Everything here exists only while <c>Demo:Accounts</c> is true; without the switch the
/// accounts cannot sign in even where the database still holds them.
/// </summary>
public static class DemoAccounts
{
    /// <summary>The grant that gives the token of a demo account without a password.</summary>
    public const string Grant = "urn:volunteerbook:demo";

    public const string ClientId = "demo";
    public const string ClientSecret = "demo-secret";
    public const string Password = "Volunteer-Book-1";
    const string Domain = "@demo.volunteerbook.example";

    /// <summary>Accounts that sign in with <see cref="Password"/>.</summary>
    public static readonly IReadOnlyList<(string UserName, string[] Roles)> Named =
    [
        ("anna" + Domain, []),
        ("pavel" + Domain, []),
        ("olga" + Domain, []),
        ("admin" + Domain, [AccountRoles.Administrator]),
        ("analyst" + Domain, [AccountRoles.Analyst]),
    ];

    static IEnumerable<string> Unnamed =>
        Enumerable.Range(1, 300).Select(n => $"volunteer-{n:000}{Domain}").Concat(Enumerable.Range(1, 12).Select(n => $"coordinator-{n:00}{Domain}"));

    public static bool Enabled(IConfiguration configuration) => configuration.GetValue("Demo:Accounts", false);

    /// <summary>Whether an address is kept for demo accounts: who had one of them could be taken for a part of the demonstration.</summary>
    public static bool Keeps(string address, IConfiguration configuration) =>
        Enabled(configuration) && address.EndsWith(Domain, StringComparison.OrdinalIgnoreCase);

    /// <summary>The same for a user name everywhere, so that demo data made elsewhere can name the person.</summary>
    public static Guid Id(string userName) => Uuid.V5(Uuid.Url, "https://volunteerbook.example/accounts/" + userName.ToLowerInvariant());

    public static OpenIddictApplicationDescriptor Client(IConfiguration configuration) => new()
    {
        ClientId = ClientId,
        ClientSecret = configuration[$"Identity:Clients:{ClientId}:Secret"] ?? ClientSecret,
        ClientType = ClientTypes.Confidential,
        ConsentType = ConsentTypes.Implicit,
        DisplayName = "Demo",
        Permissions = { Permissions.Endpoints.Token, Permissions.Prefixes.GrantType + Grant, Permissions.Prefixes.Scope + "book" },
    };

    public static async Task RegisterAsync(IServiceProvider services)
    {
        if (!Enabled(services.GetRequiredService<IConfiguration>())) return;

        var store = services.GetRequiredService<IdentityStore>();
        var normalizer = services.GetRequiredService<ILookupNormalizer>();
        var hasher = services.GetRequiredService<IPasswordHasher<Account>>();
        var present = await store.Users.Where(account => account.IsDemo).Select(account => account.Id).ToHashSetAsync();
        var wanted = Named.Select(n => (n.UserName, n.Roles, Named: true))
            .Concat(Unnamed.Select(u => (UserName: u, Roles: Array.Empty<string>(), Named: false)));
        foreach (var (userName, roles, named) in wanted.Where(w => !present.Contains(Id(w.UserName))))
        {
            var account = new Account
            {
                Id = Id(userName),
                UserName = userName,
                NormalizedUserName = normalizer.NormalizeName(userName),
                Email = userName,
                NormalizedEmail = normalizer.NormalizeEmail(userName),
                IsDemo = true,
                Roles = roles,
                SecurityStamp = RandomNumberGenerator.GetHexString(32),
            };
            if (named) account.PasswordHash = hasher.HashPassword(account, Password);
            store.Users.Add(account);
        }

        await store.SaveChangesAsync();
    }
}
