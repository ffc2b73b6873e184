using System.Text.Json;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

/// <summary>
/// The clients: the system's own, completed by configuration, and any further ones. The database is made to agree at every start;
/// clients that did not come from configuration are left alone.
/// </summary>
public static class Clients
{
    // Marks, in the database, the clients that came from configuration.
    const string Mark = "configured";

    static Dictionary<string, ClientSettings> Own() => new(StringComparer.Ordinal)
    {
        ["portal"] = new()
        {
            DisplayName = "VolunteerBook",
            Grants = { GrantTypes.AuthorizationCode, GrantTypes.RefreshToken },
            Scopes = { "book", Scopes.OpenId, Scopes.Profile, Scopes.OfflineAccess },
        },
        ["mobile"] = new()
        {
            DisplayName = "VolunteerBook mobile",
            Public = true,
            Grants = { GrantTypes.AuthorizationCode, GrantTypes.RefreshToken },
            Scopes = { "book", Scopes.OpenId, Scopes.Profile, Scopes.OfflineAccess },
            RedirectUris = { "volunteerbook://callback", "http://127.0.0.1/callback" },
            PostLogoutRedirectUris = { "volunteerbook://signed-out" },
        },
        ["analyst"] = new() { Grants = { GrantTypes.ClientCredentials }, Scopes = { "events" } },
        ["organisation"] = new() { Grants = { GrantTypes.ClientCredentials }, Scopes = { "organisation" } },
        // Agencies of the demonstration, one a kind; others are configured. Without a secret none is registered.
        ["agency_education"] = Agency(),
        ["agency_employment"] = Agency(),
        ["agency_taxation"] = Agency(),
        ["agency_social_protection"] = Agency(),
        ["agency_pension"] = Agency(),
        ["services"] = new() { Grants = { GrantTypes.ClientCredentials }, Scopes = { "integration" } },
    };

    static ClientSettings Agency() => new() { Grants = { GrantTypes.ClientCredentials }, Scopes = { "agency" } };

    /// <summary>The system's own clients and the configured ones. The demo client is a matter of <see cref="DemoAccounts"/>.</summary>
    public static IReadOnlyDictionary<string, ClientSettings> Configured(IConfiguration configuration)
    {
        var clients = Own();
        foreach (var section in configuration.GetSection("Identity:Clients").GetChildren())
        {
            if (section.Key == DemoAccounts.ClientId) continue;
            if (!clients.TryGetValue(section.Key, out var client)) clients[section.Key] = client = new();
            section.Bind(client);
        }

        return clients;
    }

    public static async Task RegisterAsync(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var manager = services.GetRequiredService<IOpenIddictApplicationManager>();
        var wanted = Configured(configuration)
            .Where(client => client.Value.Public || !string.IsNullOrEmpty(client.Value.Secret))
            .Select(client => Describe(client.Key, client.Value))
            .ToList();
        if (DemoAccounts.Enabled(configuration)) wanted.Add(DemoAccounts.Client(configuration));

        // Read to the end first: nothing can be deleted while the list is being read from the same connection.
        var registered = new List<object>();
        await foreach (var known in manager.ListAsync()) registered.Add(known);
        foreach (var known in registered)
        {
            var id = await manager.GetClientIdAsync(known);
            var marked = (await manager.GetPropertiesAsync(known)).ContainsKey(Mark);
            if (marked && wanted.TrueForAll(client => client.ClientId != id)) await manager.DeleteAsync(known);
        }

        foreach (var client in wanted)
        {
            client.Properties[Mark] = JsonSerializer.SerializeToElement(true);
            if (await manager.FindByClientIdAsync(client.ClientId!) is { } known) await manager.UpdateAsync(known, client);
            else await manager.CreateAsync(client);
        }
    }

    static OpenIddictApplicationDescriptor Describe(string id, ClientSettings settings)
    {
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = id,
            ClientSecret = settings.Public ? null : settings.Secret,
            ClientType = settings.Public ? ClientTypes.Public : ClientTypes.Confidential,
            ApplicationType = settings.Public ? ApplicationTypes.Native : ApplicationTypes.Web,
            ConsentType = ConsentTypes.Implicit,
            DisplayName = settings.DisplayName ?? id,
        };

        client.Permissions.UnionWith([Permissions.Endpoints.Token, Permissions.Endpoints.Revocation]);
        client.Permissions.UnionWith(settings.Grants.Select(grant => Permissions.Prefixes.GrantType + grant));
        client.Permissions.UnionWith(settings.Scopes.Select(scope => Permissions.Prefixes.Scope + scope));
        client.RedirectUris.UnionWith(settings.RedirectUris.Select(uri => new Uri(uri)));
        client.PostLogoutRedirectUris.UnionWith(settings.PostLogoutRedirectUris.Select(uri => new Uri(uri)));
        if (settings.Grants.Contains(GrantTypes.AuthorizationCode))
        {
            client.Permissions.UnionWith([Permissions.Endpoints.Authorization, Permissions.Endpoints.EndSession, Permissions.ResponseTypes.Code]);
        }

        return client;
    }
}
