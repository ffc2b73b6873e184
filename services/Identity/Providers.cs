using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;
using VolunteerBook.ServiceDefaults;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

/// <summary>
/// Sign-in through other OpenID Connect providers (<c>Identity:Providers</c>), with an authorization code and PKCE. Who comes from there is known by issuer
/// and subject and by nothing else: an account is theirs once they have linked it themselves, and no e-mail address that a provider names opens one.
/// </summary>
public static partial class Providers
{
    /// <summary>What is configured, by id.</summary>
    public static IReadOnlyDictionary<string, ProviderSettings> Configured(IConfiguration configuration) =>
        configuration.GetSection("Identity:Providers").Get<Dictionary<string, ProviderSettings>>() ?? [];

    public static void AddProviders(this WebApplicationBuilder builder)
    {
        foreach (var (id, settings) in Configured(builder.Configuration))
        {
            builder.Services.AddAuthentication().AddOpenIdConnect(Scheme(id), settings.Name ?? id, options =>
            {
                options.SignInScheme = IdentityConstants.ExternalScheme;
                (options.Authority, options.ClientId, options.ClientSecret) = (settings.Authority, settings.ClientId, settings.ClientSecret);
                options.RequireHttpsMetadata = builder.Environment.IsProduction();
                (options.ResponseType, options.ResponseMode) = (ResponseTypes.Code, ResponseModes.Query);
                options.CallbackPath = $"/account/providers/{id}/callback";
                options.MapInboundClaims = false;
                options.ClaimActions.Remove(Claims.Issuer);
                options.Scope.Clear();
                foreach (var scope in settings.Scopes.Prepend(Scopes.OpenId)) options.Scope.Add(scope);
                // The answer comes by a link: these need not go with a stranger's form.
                options.NonceCookie.SameSite = options.CorrelationCookie.SameSite = SameSiteMode.Lax;
                options.NonceCookie.SecurePolicy = options.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.Events.OnRemoteFailure = failure =>
                {
                    Failed(failure.HttpContext.RequestServices.GetRequiredService<ILogger<ProviderSettings>>(), id, failure.Failure?.Message);
                    failure.Response.Redirect("/account/sign-in?providerFailed=true");
                    failure.HandleResponse();
                    return Task.CompletedTask;
                };
            });
        }
    }

    /// <summary>GET /account/providers/{id}: to the provider, and back to the page that knows what to do with who comes.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/account/providers/{id}", (string id, string? returnUrl, IConfiguration configuration) => Configured(configuration).ContainsKey(id)
            ? Results.Challenge(
                new()
                {
                    RedirectUri = "/account/providers" + QueryString.Create("returnUrl", Written.LocalAddress(returnUrl) ?? Pages.FormPage.ToPortal),
                    Items = { ["provider"] = id },
                },
                [Scheme(id)])
            : Results.NotFound()).AllowAnonymous().ExcludeFromDescription();

    /// <summary>Who has just come from a provider in this browser: issuer, subject, and what people call the provider.</summary>
    public static async Task<UserLoginInfo?> CameAsync(HttpContext http)
    {
        var came = await http.AuthenticateAsync(IdentityConstants.ExternalScheme);
        return came.Succeeded && came.Principal.GetClaim(Claims.Issuer) is { } issuer && came.Principal.FindFirstValue(Claims.Subject) is { } subject
            && came.Properties?.Items.TryGetValue("provider", out var id) == true
            && Configured(http.RequestServices.GetRequiredService<IConfiguration>()).TryGetValue(id!, out var settings)
            ? new UserLoginInfo(issuer, subject, settings.Name ?? id) : null;
    }

    static string Scheme(string id) => "provider-" + id;

    [LoggerMessage(LogLevel.Warning, "Provider {Provider} did not sign a person in: {Error}")]
    static partial void Failed(ILogger log, string provider, string? error);
}
