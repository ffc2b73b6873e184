using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Who may call: every service validates access tokens itself, of any OpenID Connect authority
/// (<c>Authentication:Authority</c>, <c>Authentication:Audience</c>).
/// </summary>
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
            .AddPolicy(
                Policies.Coordinator, policy => policy.RequireAssertion(context => new Caller(context.User) is { IsPerson: true } or { IsOrganisation: true }))
            .AddPolicy(Policies.Administrator, policy => policy.RequireAssertion(context => new Caller(context.User).IsAdministrator))
            .AddPolicy(Policies.Analyst, policy => policy.RequireAssertion(context => new Caller(context.User).IsAnalyst))
            .AddPolicy(Policies.Agency, policy => policy.RequireAssertion(context => new Caller(context.User) is { IsAgency: true, IsPerson: false }))
            .AddPolicy(Policies.Integration, policy => policy.RequireAssertion(context => new Caller(context.User).HasScope("integration")));
    }
}
