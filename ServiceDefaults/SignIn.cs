using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Who may call: every service validates access tokens itself, of any OpenID Connect authority (<c>Authentication:Authority</c>, <c>Authentication:Audience</c>).</summary>
public static class SignIn
{
    internal static void AddSignIn(this WebApplicationBuilder builder)
    {
        var settings = builder.Configuration.GetSection("Authentication");
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.Authority = settings["Authority"];
            options.Audience = settings["Audience"] ?? "volunteerbook";
            options.RequireHttpsMetadata = builder.Environment.IsProduction();
            options.MapInboundClaims = false;
            options.TokenValidationParameters.NameClaimType = "name";
            options.TokenValidationParameters.RoleClaimType = "role";
            options.TokenValidationParameters.ClockSkew = TimeSpan.FromSeconds(30);
        });
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Policies.Volunteer, policy => policy.RequireAssertion(context => new Caller(context.User).IsPerson))
            .AddPolicy(Policies.Coordinator, policy => policy.RequireAssertion(context => new Caller(context.User) is { IsPerson: true } or { IsOrganisation: true }))
            .AddPolicy(Policies.Administrator, policy => policy.RequireAssertion(context => new Caller(context.User).IsAdministrator))
            .AddPolicy(Policies.Analyst, policy => policy.RequireAssertion(context => new Caller(context.User).IsAnalyst))
            .AddPolicy(Policies.Agency, policy => policy.RequireAssertion(context => new Caller(context.User) is { IsAgency: true, IsPerson: false }))
            .AddPolicy(Policies.Integration, policy => policy.RequireAssertion(context => new Caller(context.User).HasScope("integration")));
    }
}

/// <summary>Names of the authorisation rules. What a coordinator may do is decided by membership in the domain, never by a policy alone.</summary>
public static class Policies
{
    /// <summary>A person, through the portal or an app.</summary>
    public const string Volunteer = nameof(Volunteer);

    /// <summary>A person or an organisation's system that may be a coordinator; the domain decides of which organisation.</summary>
    public const string Coordinator = nameof(Coordinator);

    /// <summary>The portal's administrator.</summary>
    public const string Administrator = nameof(Administrator);

    /// <summary>Reads event feeds.</summary>
    public const string Analyst = nameof(Analyst);

    /// <summary>An agency's machine; the domain decides which agency it is, and the volunteers' grants what it may read.</summary>
    public const string Agency = nameof(Agency);

    /// <summary>A service of ours, reading another's integration feed.</summary>
    public const string Integration = nameof(Integration);
}

/// <summary>Who calls, as the access token says.</summary>
public sealed class Caller(ClaimsPrincipal user)
{
    /// <summary>The subject as it stands in the token, or <c>anonymous</c>.</summary>
    public string Subject { get; } = user.FindFirstValue("sub") ?? "anonymous";

    /// <summary>The caller's id in the domain: the subject where it is a GUID, else a stable GUID made of it.</summary>
    public Guid Id => Guid.TryParse(Subject, out var id) ? id : StableId(Subject);

    public bool IsSignedIn => user.Identity?.IsAuthenticated == true;

    public bool IsPerson => HasScope("book");

    public bool IsOrganisation => HasScope("organisation");

    public bool IsAgency => HasScope("agency");

    public bool IsAdministrator => IsPerson && user.IsInRole("administrator");

    public bool IsAnalyst => HasScope("events") || user.IsInRole("analyst") || user.IsInRole("administrator");

    /// <summary>What kind of caller this is, as histories show it.</summary>
    public string Kind => IsPerson ? "person" : IsSignedIn ? "machine" : "anonymous";

    public bool HasScope(string scope) =>
        user.FindAll("scope").Any(claim => claim.Value.Split(' ').Contains(scope, StringComparer.Ordinal));

    public static ValueTask<Caller> BindAsync(HttpContext http) => ValueTask.FromResult(new Caller(http.User));

    private static Guid StableId(string subject) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes("volunteerbook-subject:" + subject)).AsSpan(0, 16), bigEndian: true);
}
