namespace VolunteerBook.Native;

/// <summary>How to start the system.</summary>
public sealed record NativeSystemOptions
{
    /// <summary>The port base when none is given: the gateway listens there.</summary>
    public const int DefaultPortBase = 8080;

    /// <summary>The folder that holds VolunteerBook.sln; found from where this assembly lies when not given.</summary>
    public string RepositoryRoot { get; init; } = FindRepositoryRoot();

    /// <summary>The build to run, Debug or Release; that of this assembly when not given.</summary>
    public string Configuration { get; init; } =
        AppContext.BaseDirectory.Contains("/bin/Release/", StringComparison.Ordinal) ? "Release" : "Debug";

    /// <summary>The state folder; <c>.data</c> in the repository when not given.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Whether to delete what the state folder holds before starting.</summary>
    public bool Fresh { get; init; }

    /// <summary>The gateway's port, from which the others are counted; null takes a free range.</summary>
    public int? PortBase { get; init; } = DefaultPortBase;

    /// <summary>Whether to start the Aspire dashboard.</summary>
    public bool Dashboard { get; init; } = true;

    /// <summary>The demo switch: accounts with known passwords and the demo grant.</summary>
    public bool DemoAccounts { get; init; } = true;

    /// <summary>ASPNETCORE_ENVIRONMENT of the services.</summary>
    public string EnvironmentName { get; init; } = System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") ?? "Development";

    /// <summary>An OTLP gRPC receiver to send telemetry to instead of the dashboard's.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>
    /// Which services to start (names as in <see cref="NativeSystem.Names"/>); null for all. The others have addresses all the same and
    /// can be started later, in any order.
    /// </summary>
    public IReadOnlyCollection<string>? Services { get; init; }

    /// <summary>Variables for every service, over those the launcher sets.</summary>
    public IReadOnlyDictionary<string, string> ExtraEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long all services together may take to become healthy.</summary>
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Called for each line a process writes: the process's name and the line. Several processes call at once.</summary>
    public Action<string, string>? OnLine { get; init; }

    /// <summary>Called with a line that tells what is going on.</summary>
    public Action<string>? OnProgress { get; init; }

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VolunteerBook.sln")))
            {
                return folder.FullName;
            }
        }

        throw new LauncherException("VolunteerBook.sln was not found above the launcher: run it from a clone of the repository.");
    }
}
