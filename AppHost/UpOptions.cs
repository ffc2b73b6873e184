using System.Globalization;

namespace VolunteerBook.AppHost;

/// <summary>How to start the system: the options of <c>./volunteerbook up</c> and of <c>dotnet run --project AppHost --</c>.</summary>
public sealed record UpOptions
{
    /// <summary>What <c>--help</c> prints.</summary>
    public const string Usage =
        """
        --fresh            deletes what the state folder holds and starts with an empty store
        --data FOLDER      the state folder with data, secrets and logs (default .data in the repository)
        --port-base PORT   the gateway's port; the other ports follow from it (default 8080)
        --native           runs PostgreSQL and RabbitMQ as programs on this machine, even where there is a container engine
        --no-dashboard     starts no Aspire dashboard
        --no-demo          makes no demo accounts and no demo data
        --only NAMES       starts only these services (a list with commas); the others can be started from the dashboard
        --telemetry URL    sends traces, metrics and logs to this OTLP receiver (gRPC) instead of the dashboard
        --env NAME=VALUE   sets an environment variable for every service; may be repeated
        --accounts         makes the demo accounts even with --no-demo
        --quiet            prints only what fails
        """;

    /// <summary>The state folder; null for <c>.data</c> in the repository.</summary>
    public string? Data { get; init; }

    /// <summary>Whether to delete what the state folder holds before starting.</summary>
    public bool Fresh { get; init; }

    /// <summary>The gateway's port, from which the others are counted.</summary>
    public int PortBase { get; init; } = 8080;

    /// <summary>Whether the servers are programs of this machine also where a container engine answers.</summary>
    public bool Native { get; init; }

    /// <summary>Whether to start the Aspire dashboard.</summary>
    public bool Dashboard { get; init; } = true;

    /// <summary>The demo switch: accounts with known passwords, the demo grant, and a believable world.</summary>
    public bool Demo { get; init; } = true;

    /// <summary>Whether there are demo accounts although there are no demo data.</summary>
    public bool Accounts { get; init; }

    /// <summary>Whether only what fails is said.</summary>
    public bool Quiet { get; init; }

    /// <summary>Whether only the usage is asked for.</summary>
    public bool Help { get; init; }

    /// <summary>The services that start by themselves; null for all.</summary>
    public IReadOnlyCollection<string>? Only { get; init; }

    /// <summary>An OTLP receiver (gRPC) to send telemetry to instead of the dashboard's.</summary>
    public Uri? Telemetry { get; init; }

    /// <summary>Variables for every service, over those that the graph sets.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>What Aspire itself understands: of publishing, and its settings (<c>--Section:Name VALUE</c>).</summary>
    public IReadOnlyList<string> ForAspire { get; init; } = [];

    /// <summary>Reads a command line.</summary>
    /// <exception cref="RefusedException">An option that is not known, or that lacks its value.</exception>
    public static UpOptions Read(IReadOnlyList<string> args)
    {
        var options = new UpOptions();
        // --data=FOLDER is --data FOLDER; a name with a colon is one of Aspire's settings.
        List<string> words = [.. args.SelectMany(word => word.StartsWith("--", StringComparison.Ordinal)
            && word.Split('=', 2) is [var name, var value] && !name.Contains(':', StringComparison.Ordinal)
            ? new[] { name, value } : [word])];
        for (var i = 0; i < words.Count; i++)
        {
            var option = words[i];
            string Value() => Arguments.Value(words, ref i);
            string Next() => ++i < words.Count ? words[i] : throw new RefusedException($"{option} needs a value.");
            options = option switch
            {
                "--fresh" => options with { Fresh = true },
                "--data" => options with { Data = Value() },
                "--port-base" => options with { PortBase = Port(Value()) },
                "--native" => options with { Native = true },
                "--no-dashboard" => options with { Dashboard = false },
                "--no-demo" => options with { Demo = false },
                "--accounts" => options with { Accounts = true },
                "--quiet" => options with { Quiet = true },
                "--help" or "-h" => options with { Help = true },
                "--only" => options with { Only = [.. Value().Split(',').Select(Service)] },
                "--telemetry" => options with { Telemetry = Address(Value()) },
                "--env" => options with { Variables = With(options.Variables, Next()) },
                "--publisher" or "--output-path" or "--operation" or "--step" or "--environment" =>
                    options with { ForAspire = [.. options.ForAspire, option, Value()] },
                _ when option.Contains(':', StringComparison.Ordinal) => options with
                {
                    ForAspire = [.. options.ForAspire, .. option.Contains('=', StringComparison.Ordinal) ? new[] { option } : [option, Value()]],
                },
                _ => throw new RefusedException($"There is no option {option}; --help lists them."),
            };
        }

        return options;
    }

    /// <summary>The command line that these options are read from.</summary>
    public IReadOnlyList<string> ToArguments() =>
    [
        .. Data is null ? [] : new[] { "--data", Data },
        "--port-base", PortBase.ToString(CultureInfo.InvariantCulture),
        .. Fresh ? ["--fresh"] : Array.Empty<string>(),
        .. Native ? ["--native"] : Array.Empty<string>(),
        .. Dashboard ? Array.Empty<string>() : ["--no-dashboard"],
        .. Demo ? Array.Empty<string>() : ["--no-demo"],
        .. Accounts ? ["--accounts"] : Array.Empty<string>(),
        .. Quiet ? ["--quiet"] : Array.Empty<string>(),
        .. Only is null ? [] : new[] { "--only", string.Join(',', Only) },
        .. Telemetry is null ? [] : new[] { "--telemetry", Telemetry.ToString() },
        .. Variables.SelectMany(each => new[] { "--env", $"{each.Key}={each.Value}" }),
        .. ForAspire,
    ];

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1024 and <= 65000
            ? port : throw new RefusedException($"--port-base {text} is not a port between 1024 and 65000.");

    private static string Service(string name) =>
        PortPlan.Names.Contains(name) ? name : throw new RefusedException($"There is no service {name}. The services are {string.Join(", ", PortPlan.Names)}.");

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : throw new RefusedException($"--telemetry {text} is not an address.");

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> variables, string given) =>
        given.Split('=', 2) is [var name, var value]
            ? new Dictionary<string, string>(variables) { [name] = value } : throw new RefusedException($"--env {given} is not NAME=VALUE.");
}
