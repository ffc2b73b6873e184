using System.Globalization;
using System.Text.Json;

namespace VolunteerBook.Native;

/// <summary>The ledger's <c>audit</c> on a state folder: over the PostgreSQL of the system that runs there, or over one started for it.</summary>
internal static class LedgerAudit
{
    /// <summary>Runs the audit; the answer is its exit code.</summary>
    /// <param name="options">Which state folder, which build.</param>
    /// <param name="arguments">Of the ledger's command.</param>
    public static async Task<int> RunAsync(NativeSystemOptions options, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(options.DataFolder ?? Path.Combine(options.RepositoryRoot, ".data"));
        if (!File.Exists(Path.Combine(folder, "secrets.json")))
        {
            throw new LauncherException($"{folder} is no state folder: `up` makes one.");
        }

        var secrets = Secrets.Of(folder);
        if (RunningPort(folder) is { } port)
        {
            return await AuditAsync(options, string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres;Password={secrets.Postgres}"), secrets, arguments, cancellationToken);
        }

        await using var @lock = NativeSystem.Lock(folder);
        await using var postgres = await NativePostgres.StartAsync(
            new NativePostgresOptions { Folder = Path.Combine(folder, "postgres"), Port = Ports.FreeBase([0]), Password = secrets.Postgres }, cancellationToken);
        return await AuditAsync(options, postgres.ConnectionString, secrets, arguments, cancellationToken);
    }

    // As the superuser: whoever audits need not trust the service's own role.
    private static async Task<int> AuditAsync(NativeSystemOptions options, string server, Secrets secrets, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var ledger = ServiceModel.All.First(model => model.Name == "ledger");
        await using var process = await KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = "audit",
                Command = [NativeSystem.DotNet(), ledger.Assembly(options), "audit", .. arguments],
                WorkingDirectory = options.RepositoryRoot,
                OnLine = Console.WriteLine,
                Environment = new Dictionary<string, string>
                {
                    [$"ConnectionStrings__{ledger.Name}"] = $"{server};Database={ledger.Name}",
                    ["Log__SigningKey"] = secrets.LogSigningKey,
                },
            },
            cancellationToken);
        return await process.Exited.WaitAsync(cancellationToken);
    }

    // The list is there as long as the system runs; one that a crash left behind names a port on which nobody listens.
    private static int? RunningPort(string folder)
    {
        var list = Path.Combine(folder, "processes.json");
        if (!File.Exists(list))
        {
            return null;
        }

        using var processes = JsonDocument.Parse(File.ReadAllText(list));
        return processes.RootElement.EnumerateArray().Select(process => new Uri(process.GetProperty("url").GetString()!)).FirstOrDefault(url => url.Scheme == "postgres") is { } postgres
            && !Ports.IsFree(postgres.Port) ? postgres.Port : null;
    }
}
