using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;

namespace VolunteerBook.Gateway;

/// <summary>
/// The gateway judges nobody: every service checks tokens itself, and checking them here too would cost each request a signature.
/// </summary>
public static class SignIn
{
    public static void AddNoSignIn(this WebApplicationBuilder builder) =>
        builder.Services.PostConfigure<AuthorizationOptions>(options => options.FallbackPolicy = null);

    public static void UseNoSignIn(this WebApplication app) =>
        app.Services.GetRequiredService<IAuthenticationSchemeProvider>().RemoveScheme(JwtBearerDefaults.AuthenticationScheme);
}
