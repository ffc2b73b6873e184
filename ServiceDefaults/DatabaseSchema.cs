using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VolunteerBook.ServiceDefaults;

/// <summary>What a service needs in its database: tables, indexes and functions of this version.</summary>
public interface IDatabaseSchema
{
    /// <summary>Makes and changes what is missing or of another form. Instances that do so at the same time take turns.</summary>
    Task ApplyAsync(CancellationToken ct);

    /// <summary>What is missing or of another form, a line each; nothing where all is as it must be.</summary>
    Task<IReadOnlyList<string>> DifferencesAsync(CancellationToken ct);
}

/// <summary>The database is not as this version needs it, and is not to be changed at the start.</summary>
public sealed class SchemaDiffersException(string service, IReadOnlyList<string> differences) : Exception(
    $"{service} does not start: its database is not as this version needs it ({string.Join("; ", differences.Take(MostNamed))}{(differences.Count > MostNamed ? $"; {differences.Count - MostNamed} more" : "")}). "
    + "Run this program with `db apply`, or set Database:ApplyAtStart.")
{
    private const int MostNamed = 5;
}

/// <summary>When a service looks at its database's schema.</summary>
public static class DatabaseSchemaExtensions
{
    /// <summary>Setting that says whether a start makes and changes tables; where it is not set, it does so everywhere but in Production.</summary>
    public const string Setting = "Database:ApplyAtStart";

    /// <summary>Whether a start makes and changes tables.</summary>
    public static bool AppliesSchemaAtStart(this IConfiguration configuration, IHostEnvironment environment) => configuration.GetValue(Setting, !environment.IsProduction());

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
