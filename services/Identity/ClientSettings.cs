using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

/// <summary>A client as configured under <c>Identity:Clients:ID</c>.</summary>
public sealed class ClientSettings
{
    /// <summary>A confidential client's secret. A confidential client without one is not registered.</summary>
    public string? Secret { get; set; }

    /// <summary>An installed application that can keep no secret: PKCE alone protects it.</summary>
    public bool Public { get; set; }

    /// <summary>Shown to people where they are asked something on the client's behalf.</summary>
    public string? DisplayName { get; set; }

    /// <summary><c>authorization_code</c>, <c>refresh_token</c>, <c>client_credentials</c>.</summary>
    public List<string> Grants { get; init; } = [];

    /// <summary>Scopes the client may ask for; a machine client that asks for none gets all of them.</summary>
    public List<string> Scopes { get; init; } = [];

    /// <summary>Where a code may be sent. Of a loopback address any port will do (RFC 8252).</summary>
    public List<string> RedirectUris { get; init; } = [];

    /// <summary>Where a browser may be sent after signing out.</summary>
    public List<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>Where the client wants to be told that a session was ended (OpenID Connect Back-Channel Logout).</summary>
    public string? BackChannelLogoutUri { get; set; }

    /// <summary>Why this cannot be registered, or nothing.</summary>
    public string? Problem =>
        Grants.Count == 0 ? "Grants must name at least one grant."
        : Grants.Find(g => g is not (GrantTypes.AuthorizationCode or GrantTypes.RefreshToken or GrantTypes.ClientCredentials)) is { } grant
            ? $"grant {grant} is not offered."
        : Scopes.Find(s => !Server.Scopes.Contains(s)) is { } scope ? $"scope {scope} is not known."
        : Public && Secret is not null ? "a public client must not have a secret."
        : Public && Grants.Contains(GrantTypes.ClientCredentials) ? "client credentials need a secret."
        : RedirectUris.Concat(PostLogoutRedirectUris).Concat(BackChannelLogoutUri is null ? [] : [BackChannelLogoutUri])
            .FirstOrDefault(u => !Uri.TryCreate(u, UriKind.Absolute, out _)) is { } uri ? $"{uri} is not an absolute address."
        : null;
}
