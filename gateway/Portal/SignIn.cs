using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using VolunteerBook.Portal.Parts;
using VolunteerBook.Portal.Store;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Portal;

/// <summary>
/// Sign-in through any OpenID Connect authority (authorization code with PKCE). The browser holds only the number of a
/// session; the tokens stay in the <see cref="TicketStore"/>.
/// </summary>
public static class SignIn
{
    // OpenID Connect, Initiating User Registration 1.0.
    const string NewAccount = "create";

    /// <summary>Configuration: Authentication:Authority, :PortalClientId, :PortalClientSecret, :Scopes (optional, separated by spaces).</summary>
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var settings = builder.Configuration.GetSection("Authentication");
        services.AddMemoryCache();
        services.AddSingleton<TicketStore>();
        services.AddSingleton<TokenRenewal>();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<TicketStore>((cookie, store) => cookie.SessionStore = store);

        services.AddAuthentication(options =>
            {
                options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
            })
            .AddCookie(cookie =>
            {
                cookie.Cookie.Name = "volunteerbook";
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                // Of all addresses, the English ones too: else each path base would get a cookie of its own.
                cookie.Cookie.Path = "/";
                cookie.ExpireTimeSpan = TimeSpan.FromHours(12);
                cookie.SlidingExpiration = true;
                cookie.AccessDeniedPath = "/error/403";
                cookie.Events.OnRedirectToAccessDenied = context =>
                {
                    context.Response.StatusCode = StatusCodes.Status403Forbidden;
                    return Task.CompletedTask;
                };
                cookie.Events.OnValidatePrincipal = context =>
                    context.HttpContext.RequestServices.GetRequiredService<TokenRenewal>().Renew(context);
            })
            .AddOpenIdConnect(oidc => Configure(oidc, settings));

        // The services demand a token everywhere; of the pages, most are open to everybody, and the others say so themselves.
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(null)
            .AddPolicy(Roles.Administrator, policy => policy.RequireClaim("role", Roles.Administrator))
            .AddPolicy(Roles.Analyst, policy => policy.RequireClaim("role", Roles.Analyst, Roles.Administrator));
        services.AddAntiforgery(antiforgery => antiforgery.Cookie.Path = "/");
        services.AddCascadingAuthenticationState();
        services.AddHttpContextAccessor();

        // The gateway is the only caller; it says under which address and scheme the browser reached it, and from where.
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto;
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
        });
    }

    static void Configure(OpenIdConnectOptions oidc, IConfigurationSection settings)
    {
        oidc.Authority = settings["Authority"]
            ?? throw new InvalidOperationException("Authentication:Authority is not set; it must be the address of the OpenID Connect authority.");
        oidc.ClientId = settings["PortalClientId"] ?? "portal";
        oidc.ClientSecret = settings["PortalClientSecret"];
        oidc.RequireHttpsMetadata = !new Uri(oidc.Authority).IsLoopback;
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        // With a form post the browser sends no Lax cookie on the way back over plain http; a query works everywhere.
        oidc.ResponseMode = OpenIdConnectResponseMode.Query;
        oidc.UsePkce = true;
        oidc.SaveTokens = true;
        oidc.MapInboundClaims = false;
        oidc.TokenValidationParameters.NameClaimType = "name";
        oidc.TokenValidationParameters.RoleClaimType = "role";
        oidc.SignedOutRedirectUri = "/";
        oidc.NonceCookie.SameSite = SameSiteMode.Lax;
        oidc.CorrelationCookie.SameSite = SameSiteMode.Lax;
        oidc.NonceCookie.Path = oidc.CorrelationCookie.Path = oidc.CallbackPath;
        oidc.Scope.Clear();
        foreach (var scope in (settings["Scopes"] ?? "openid profile offline_access book").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            oidc.Scope.Add(scope);
        }

        oidc.Events.OnRedirectToIdentityProvider = async context =>
        {
            var request = context.Request;
            if (context.ProtocolMessage.Prompt == NewAccount && !await MakesAccounts(context.Options.ConfigurationManager!, context.HttpContext.RequestAborted))
            {
                context.ProtocolMessage.Prompt = null;
            }

            context.ProtocolMessage.UiLocales = CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;
            // One address is registered at the authority, wherever somebody begins.
            context.ProtocolMessage.RedirectUri = Registered(request, context.Options.CallbackPath);
            // A form sent after the session had ended: what was typed waits on the server until the person is back.
            if (request.HasFormContentType)
            {
                context.Properties.RedirectUri = await context.HttpContext.RequestServices.GetRequiredService<KeptForms>().Keep(request);
            }
        };
        oidc.Events.OnRedirectToIdentityProviderForSignOut = context =>
        {
            context.ProtocolMessage.PostLogoutRedirectUri = Registered(context.Request, context.Options.SignedOutCallbackPath);
            return Task.CompletedTask;
        };
        oidc.Events.OnTokenValidated = context =>
        {
            TakeRoles(context.Principal, context.TokenEndpointResponse?.AccessToken);
            return Task.CompletedTask;
        };
        oidc.Events.OnRemoteFailure = context =>
        {
            // Refused or given up at the authority, or a page opened twice: back to the start, nothing is lost.
            Told.Remember(context.HttpContext, "/", "sign-in-failed");
            context.Response.Redirect("/");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    static string Registered(HttpRequest request, PathString path) => $"{request.Scheme}://{request.Host}{path}";

    /// <summary>Roles are in the access token; the pages only use them to decide what to offer, the services decide what is allowed.</summary>
    static void TakeRoles(ClaimsPrincipal? principal, string? accessToken)
    {
        var reader = new JsonWebTokenHandler();
        if (principal?.Identity is not ClaimsIdentity identity || !reader.CanReadToken(accessToken)) return;
        foreach (var role in reader.ReadJsonWebToken(accessToken).Claims.Where(claim => claim.Type == "role"))
        {
            if (!identity.HasClaim("role", role.Value)) identity.AddClaim(new Claim("role", role.Value));
        }
    }

    // An authority that is not ours may know nothing of it.
    static async Task<bool> MakesAccounts(IConfigurationManager<OpenIdConnectConfiguration> manager, CancellationToken ct) =>
        (await manager.GetConfigurationAsync(ct)).PromptValuesSupported.Contains(NewAccount);

    /// <summary>/sign-in, /start and /sign-out, also where the authority asks for it.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/sign-in", (string? returnUrl, HttpRequest request) => TypedResults.Challenge(
            new AuthenticationProperties { RedirectUri = Local(returnUrl ?? request.PathBase + "/") },
            [OpenIdConnectDefaults.AuthenticationScheme])).AllowAnonymous();

        // Straight to a new account, for a book unless it says for what; whoever has one finds the way to sign in there.
        routes.MapGet("/start", (string? returnUrl, HttpRequest request) => TypedResults.Challenge(
            new OpenIdConnectChallengeProperties { RedirectUri = Local(returnUrl ?? request.PathBase + "/registration"), Prompt = NewAccount },
            [OpenIdConnectDefaults.AuthenticationScheme])).AllowAnonymous();

        // Reading the form makes the endpoint demand an antiforgery token: no foreign page signs anybody out.
        routes.MapPost("/sign-out", (HttpRequest request, IFormCollection _) => TypedResults.SignOut(
            new AuthenticationProperties { RedirectUri = request.PathBase + "/" },
            [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme])).AllowAnonymous();
        routes.MapGet("/sign-out", () => TypedResults.LocalRedirect("/")).AllowAnonymous();
        routes.MapSignOutElsewhere();
    }

    /// <summary>The path when it is one of this site's own, otherwise the home page: never a way to somebody else's site.</summary>
    public static string Local(string path) =>
        Written.LocalAddress(path) ?? "/";
}
