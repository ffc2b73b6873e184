using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Runs a program: as a service or, where it is called with a verb, that alone.</summary>
public static class Verbs
{
    /// <summary>
    /// The answer is the exit code: 0; 1 where a verb found something, or the service does not start on its database; 2 where a verb could not be carried out.
    /// </summary>
    /// <param name="app">The service as it is built.</param>
    /// <param name="args">The command line.</param>
    /// <param name="prepare">What is still to be done when the tables are there.</param>
    public static async Task<int> RunAsync(this WebApplication app, string[] args, Func<Task>? prepare = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        // What is no word is for whoever started the program, as ever: settings, and paths that Aspire hands on.
        if (args is [var word, .. var asked] && app.Services.GetServices<IVerb>().FirstOrDefault(verb => verb.Name == word) is { } verb)
        {
            // Whoever reads what a verb says wants nothing between; what goes wrong is still told.
            app.Configuration["Logging:LogLevel:Default"] = "Warning";
            ((IConfigurationRoot)app.Configuration).Reload();
            return await RunAsync(verb, asked, app.Lifetime.ApplicationStopping);
        }

        // Who mistypes a verb does not want another instance that serves.
        if (args is [var unknown, ..] && !unknown.StartsWith('-') && !unknown.ContainsAny('/', '='))
        {
            await Console.Error.WriteLineAsync(
                $"There is no command {unknown} here. The commands are:\n{string.Join('\n', app.Services.GetServices<IVerb>().Select(verb => verb.Usage))}");
            return 2;
        }

        try
        {
            await app.SeeToSchemaAsync();
        }
        catch (SchemaDiffersException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 1;
        }

        await (prepare?.Invoke() ?? Task.CompletedTask);
        await app.RunAsync();
        return 0;
    }

    private static async Task<int> RunAsync(IVerb verb, string[] asked, CancellationToken ct)
    {
        try
        {
            if (await verb.RunAsync(asked, ct) is { } code)
            {
                return code;
            }

            await Console.Error.WriteLineAsync(verb.Usage);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
        }

        return 2;
    }
}
