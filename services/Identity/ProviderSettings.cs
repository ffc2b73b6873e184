namespace VolunteerBook.Identity;

/// <summary>Another OpenID Connect provider as configured under <c>Identity:Providers:ID</c>.</summary>
public sealed class ProviderSettings
{
    /// <summary>Its address, below which its configuration is found (OpenID Connect Discovery).</summary>
    public string? Authority { get; set; }

    public string? ClientId { get; set; }

    public string? ClientSecret { get; set; }

    /// <summary>What people call it.</summary>
    public string? Name { get; set; }

    /// <summary>What is asked for beside <c>openid</c>; nothing needs to be.</summary>
    public List<string> Scopes { get; init; } = [];

    /// <summary>Why this cannot be used, or nothing.</summary>
    public string? Problem(bool production) =>
        !Uri.TryCreate(Authority, UriKind.Absolute, out var authority) ? "Authority is not an absolute address."
        : production && authority.Scheme != "https" ? "Authority must be https, as the environment is Production."
        : string.IsNullOrEmpty(ClientId) ? "ClientId is not set."
        : null;
}
