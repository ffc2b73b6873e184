using System.Diagnostics;
using VolunteerBook.AppHost.Servers;

namespace VolunteerBook.AppHost.Operations;

/// <summary>A service's own program, run with a verb on a state folder's databases.</summary>
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

    /// <summary>Runs it to its end in its own role, which owns what is made; the answer is its exit code.</summary>
    /// <param name="postgres">The database's server.</param>
    /// <param name="service">The service.</param>
    /// <param name="arguments">The verb and what follows it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(StatePostgres postgres, string service, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        await Databases.MakeAsync(postgres.Server, new Dictionary<string, string> { [service] = postgres.Secrets.Role(service) }, cancellationToken);
        return await RunAsync(postgres, service, postgres.DatabaseAs(service), arguments, cancellationToken);
    }

    /// <summary>The same as the superuser: whoever audits need not trust the service's own role.</summary>
    public static Task<int> RunAsSuperuserAsync(StatePostgres postgres, string service, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(postgres, service, postgres.Database(service), arguments, cancellationToken);

    private static async Task<int> RunAsync(
        StatePostgres postgres, string service, string database, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", [AsBuilt.Program(Programs[service].ProjectPath), .. arguments]);
        foreach (var (name, value) in Environment(postgres, service, database))
        {
            start.Environment[name] = value;
        }

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

    // What each wants to be built with. A verb serves nothing and asks nobody, so that the addresses lead nowhere; the keys are those that the graph gives.
    private static Dictionary<string, string> Environment(StatePostgres postgres, string service, string database)
    {
        const string Nowhere = "http://localhost:1/";
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Logging__LogLevel__Default"] = "Warning",
            ["DOTNET_gcServer"] = "0",
            [$"ConnectionStrings__{service}"] = database,
            ["ConnectionStrings__bus"] = "amqp://localhost:1",
            ["Authentication__Authority"] = Nowhere,
            ["Authentication__PortalClientId"] = "portal",
            ["Authentication__PortalClientSecret"] = postgres.Secrets.PortalClient,
            ["Identity__Issuer"] = Nowhere,
            ["services__gateway__http__0"] = Nowhere,
            ["Log__SigningKey"] = postgres.Secrets.LogSigningKey,
            ["PersonalData__MasterKey"] = postgres.Secrets.MasterKey,
        };
        if (postgres.Secrets.NextLogSigningKey is { } next)
        {
            environment["Log__NextSigningKey"] = next;
        }

        if (service is "identity" or "portal" or "ledger")
        {
            environment[$"{char.ToUpperInvariant(service[0])}{service[1..]}__MasterKey"] = postgres.Secrets.KeyOf(service);
        }

        if (service is "identity" or "portal" or "ledger" && postgres.Secrets.PreviousKeyOf(service) is { } previous)
        {
            environment[$"{char.ToUpperInvariant(service[0])}{service[1..]}__EarlierMasterKeys__0"] = previous;
        }

        if (postgres.Secrets.PreviousMasterKey is { } before)
        {
            environment["PersonalData__EarlierMasterKeys__0"] = before;
        }

        return environment;
    }
}
