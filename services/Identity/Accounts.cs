using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>How accounts are kept and how a browser stays signed in.</summary>
public static class Accounts
{
    /// <summary>What the tables are made by: with passkeys, and room for another provider's subject of 255 (OpenID Connect Core, section 2).</summary>
    public static void Schema(IdentityOptions options) =>
        (options.Stores.SchemaVersion, options.Stores.MaxLengthForKeys) = (IdentitySchemaVersions.Version3, 256);

    /// <summary>Whether what was to be saved failed because another account was faster with the same address.</summary>
    public static bool IsTaken(DbUpdateException failure) => failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public static void AddAccounts(this WebApplicationBuilder builder)
    {
        builder.Services.AddIdentityCore<Account>(options =>
            {
                Schema(options);
                options.User.RequireUniqueEmail = true;
                options.User.AllowedUserNameCharacters = ""; // The name is an address, and MailMessage.CheckAddress says what one is.
                options.SignIn.RequireConfirmedAccount = true; // Asks MaySignIn.
                // Passwords.cs says what will do.
                options.Password.RequiredLength = 1;
                options.Password.RequireDigit =
                    options.Password.RequireLowercase = options.Password.RequireUppercase = options.Password.RequireNonAlphanumeric = false;
            })
            .AddEntityFrameworkStores<IdentityStore>()
            .AddSignInManager()
            .AddPasswordValidator<Passwords>()
            .AddErrorDescriber<AccountErrors>();
        builder.Services.AddSingleton<PasswordHasher<Account>>();
        builder.Services.AddSingleton<NormalisedPasswords>();
        builder.Services.AddSingleton<IPasswordHasher<Account>>(services => services.GetRequiredService<NormalisedPasswords>());
        builder.Services.AddScoped<Throttle>();
        builder.Services.AddScoped<IUserConfirmation<Account>, MaySignIn>();
        builder.Services.AddScoped<Sessions>().AddScoped<SignIns>().AddScoped<Passkeys>().AddScoped<SecondStep>();
        builder.Services.AddSingleton<BackChannelLogout>();

        builder.Services.TryAddScoped<IPasskeyHandler<Account>, PasskeyHandler<Account>>();
        builder.Services.Configure<IdentityPasskeyOptions>(options =>
        {
            // Left alone, it compares with the Host header of the request, which is what its sender likes.
            var issuer = new Uri(builder.Configuration["Identity:Issuer"]!);
            var origin = $"{issuer.Scheme}://{issuer.IdnHost}{(issuer.IsDefaultPort ? "" : $":{issuer.Port}")}";
            options.ServerDomain = issuer.IdnHost;
            options.ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && asked.Origin == origin);
            (options.ResidentKeyRequirement, options.UserVerificationRequirement) = ("required", "required");
        });

        builder.Services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies(cookies => cookies.ApplicationCookie!.Configure(options =>
        {
            options.Cookie.Name = "volunteerbook.account";
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.LoginPath = "/account/sign-in";
            options.LogoutPath = "/account/sign-out";
            options.AccessDeniedPath = "/account/access-denied";
            options.ReturnUrlParameter = "returnUrl";
            options.Events.OnRedirectToReturnUrl = context =>
            {
                context.Response.Redirect(Written.LocalAddress(context.RedirectUri) ?? "/");
                return Task.CompletedTask;
            };
            options.ExpireTimeSpan = TimeSpan.FromHours(12);
            options.SlidingExpiration = false;
            options.Events.OnValidatePrincipal = Sessions.ValidateAsync;
        }));
    }
}
