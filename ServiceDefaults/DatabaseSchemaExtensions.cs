using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VolunteerBook.ServiceDefaults;

/// <summary>When a service looks at its database's schema.</summary>
public static class DatabaseSchemaExtensions
{
    /// <summary>Setting that says whether a start makes and changes tables; where it is not set, it does so everywhere but in Production.</summary>
    public const string Setting = "Database:ApplyAtStart";

    /// <summary>Whether a start makes and changes tables.</summary>
    public static bool AppliesSchemaAtStart(this IConfiguration configuration, IHostEnvironment environment) =>
        configuration.GetValue(Setting, !environment.IsProduction());

    /// <summary>Before anything is served: makes the database what this version needs or, where a start is not to do so, sees that it is.</summary>
    /// <exception cref="SchemaDiffersException">It is not.</exception>
    public static async Task SeeToSchemaAsync(this WebApplication app)
    {
        var schema = app.Services.GetRequiredService<IDatabaseSchema>();
        if (app.Configuration.AppliesSchemaAtStart(app.Environment))
        {
            await schema.ApplyAsync(app.Lifetime.ApplicationStopping);
        }
        else if (await schema.DifferencesAsync(app.Lifetime.ApplicationStopping) is { Count: > 0 } differences)
        {
            throw new SchemaDiffersException(app.Environment.ApplicationName["VolunteerBook.".Length..], differences);
        }
    }
}
