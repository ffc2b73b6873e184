using Microsoft.AspNetCore;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace VolunteerBook.Identity;

/// <summary>The OpenID Connect server: which flows it offers and how its tokens look.</summary>
public static class Server
{
    /// <summary>What every access token is for; services refuse any other.</summary>
    public const string Audience = "volunteerbook";

    /// <summary>Every scope that can be asked for.</summary>
    public static readonly string[] Scopes =
        [
            OpenIddictConstants.Scopes.OpenId, OpenIddictConstants.Scopes.Profile, OpenIddictConstants.Scopes.Email, OpenIddictConstants.Scopes.OfflineAccess,
            "book", "organisation", "agency", "events", "integration",
        ];

    public static void AddServer(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("Identity");
        builder.Services.Configure<KeySchedule>(settings.GetSection("Keys"));
        builder.Services.AddSingleton<Keys>();
        builder.Services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(services => services.GetRequiredService<Keys>());
        builder.Services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(services => services.GetRequiredService<Keys>());
        builder.Services.AddHostedService<Upkeep>();

        builder.Services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<IdentityStore>())
            .AddServer(server =>
            {
                server.SetIssuer(new Uri(settings["Issuer"]!));
                server.SetAuthorizationEndpointUris("connect/authorize")
                    .SetTokenEndpointUris("connect/token")
                    .SetUserInfoEndpointUris("connect/userinfo")
                    .SetEndSessionEndpointUris("connect/logout")
                    .SetRevocationEndpointUris("connect/revocation")
                    .SetConfigurationEndpointUris(".well-known/openid-configuration")
                    .SetJsonWebKeySetEndpointUris(".well-known/jwks");

                server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
                server.AllowRefreshTokenFlow();
                server.AllowClientCredentialsFlow();
                if (DemoAccounts.Enabled(builder.Configuration)) server.AllowCustomFlow(DemoAccounts.Grant);

                server.RegisterScopes(Scopes);
                server.RegisterClaims(Claims.Name, Claims.PreferredUsername, Claims.Email, Claims.EmailVerified, Claims.Role);
                server.RegisterPromptValues(PromptValues.Create);
                server.SetAccessTokenLifetime(settings.GetValue("AccessTokenLifetime", TimeSpan.FromMinutes(30)));
                server.SetRefreshTokenLifetime(RefreshTokenLifetime(builder.Configuration));

                server.AddEventHandler<OpenIddictServerEvents.HandleConfigurationRequestContext>(handler => handler.UseInlineHandler(context =>
                {
                    context.Metadata["backchannel_logout_supported"] = true;
                    context.Metadata["backchannel_logout_session_supported"] = true;
                    return default;
                }));

                // Any standard library can read the tokens, and services need no call to this one.
                server.DisableAccessTokenEncryption();
                server.Configure(options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain));

                var web = server.UseAspNetCore()
                    .EnableAuthorizationEndpointPassthrough()
                    .EnableEndSessionEndpointPassthrough()
                    .EnableTokenEndpointPassthrough()
                    .EnableUserInfoEndpointPassthrough()
                    .EnableErrorPassthrough();
                if (!builder.Environment.IsProduction()) web.DisableTransportSecurityRequirement();
            });
    }

    /// <summary>How long a refresh token is good for, and with it a session that nobody uses.</summary>
    public static TimeSpan RefreshTokenLifetime(IConfiguration configuration) => configuration.GetValue("Identity:RefreshTokenLifetime", TimeSpan.FromDays(14));

    /// <summary>The request as OpenIddict has read and checked it.</summary>
    public static OpenIddictRequest OpenIdRequest(this HttpContext http) =>
        http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("Not an OpenID Connect request.");

    /// <summary>A page for a person whose client made a request that cannot be answered to the client; nothing when the request is in order.</summary>
    public static IResult? ErrorPage(this HttpContext http) =>
        http.GetOpenIddictServerResponse()?.Error is { } error ? Results.Redirect("/account/error" + QueryString.Create("code", error)) : null;

    /// <summary>An answer in the protocol's own form.</summary>
    public static IResult Refuse(string error, string description) => Results.Forbid(
        new(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
}
