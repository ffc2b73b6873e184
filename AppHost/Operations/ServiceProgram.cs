using System.Diagnostics;

namespace VolunteerBook.AppHost.Operations;

/// <summary>A service's own program, run with a verb on its database. As the superuser: whoever audits or repairs need not trust the service's own role.</summary>
internal static class ServiceProgram
{
    private static readonly Dictionary<string, IProjectMetadata> Programs = new()
    {
        ["identity"] = new Projects.Identity(),
        ["profiles"] = new Projects.Profiles(),
        ["ledger"] = new Projects.Ledger(),
        ["verification"] = new Projects.Verification(),
        ["vacancies"] = new Projects.Vacancies(),
        ["reporting"] = new Projects.Reporting(),
        ["portal"] = new Projects.Portal(),
    };

    /// <summary>The services that have a database, which is called as they are.</summary>
    public static IReadOnlyCollection<string> Names => Programs.Keys;

    /// <summary>Runs it to its end; the answer is its exit code.</summary>
    /// <param name="postgres">The database's server.</param>
    /// <param name="service">The service.</param>
    /// <param name="arguments">The verb and what follows it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(StatePostgres postgres, string service, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [AsBuilt.Program(Programs[service].ProjectPath), .. arguments])
        {
            Environment = { [$"ConnectionStrings__{service}"] = postgres.Database(service), ["Log__SigningKey"] = postgres.Secrets.LogSigningKey },
        };
        using var program = Process.Start(start)!;
        try
        {
            await program.WaitForExitAsync(cancellationToken);
            return program.ExitCode;
        }
        catch (OperationCanceledException)
        {
            program.Kill();
            throw;
        }
    }
}
