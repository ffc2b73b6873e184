using System.Globalization;
using System.Runtime.InteropServices;

namespace VolunteerBook.Native;

/// <summary>The Aspire dashboard, from its command-line tool's npm package: the one source of it that needs no container.</summary>
internal static class Dashboard
{
    private const string Version = "13.5.4";

    /// <summary>Makes the tool available in the cache folder. The answer is its path, or why it cannot be had.</summary>
    public static async Task<(string? Tool, string? Reason)> InstallAsync(string cacheFolder, CancellationToken cancellationToken)
    {
        var architecture = RuntimeInformation.OSArchitecture switch { Architecture.X64 => "x64", Architecture.Arm64 => "arm64", _ => null };
        if (architecture is null)
        {
            return (null, "it is not made for this processor");
        }

        var package = $"@microsoft/aspire-cli-linux-{architecture}";
        var folder = Path.Combine(cacheFolder, $"aspire-{Version}");
        var tool = Path.Combine(folder, "node_modules", package, "bin", "aspire");
        if (File.Exists(tool))
        {
            return (tool, null);
        }

        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(path => File.Exists(Path.Combine(path, "npm"))))
        {
            return (null, "npm, from which it is installed, is missing");
        }

        // Installed beside and moved, so that an interrupted installation is not taken for a whole one.
        var unfinished = folder + ".new";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        await using var npm = await KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = "npm",
                Command =
                [
                    "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--fetch-retries=1", "--fetch-timeout=20000",
                    "--prefix", unfinished, $"{package}@{Version}",
                ],
                WorkingDirectory = unfinished,
            },
            cancellationToken);
        if (await Task.WhenAny(npm.Exited, Task.Delay(TimeSpan.FromSeconds(120), cancellationToken)) != npm.Exited)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return (null, "npm did not deliver it within 120 s");
        }

        var unfinishedTool = Path.Combine(unfinished, "node_modules", package, "bin", "aspire");
        if (await npm.Exited != 0 || !File.Exists(unfinishedTool))
        {
            return (null, $"npm could not install {package}@{Version}: {npm.LastLines.ToList().LastOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase) && !line.Contains("complete log", StringComparison.Ordinal))}");
        }

        File.SetUnixFileMode(unfinishedTool, File.GetUnixFileMode(unfinishedTool) | UnixFileMode.UserExecute);
        Directory.Move(unfinished, folder);
        return (tool, null);
    }

    /// <summary>Starts the dashboard. Its page and both OTLP receivers listen on loopback; the page asks for the token, the receivers for the key.</summary>
    public static Task<KeptProcess> StartAsync(string tool, string cacheFolder, string token, string key, int port, int grpcPort, int httpPort, Action<string> onLine, CancellationToken cancellationToken)
    {
        // The tool unpacks the dashboard into its home; that is ours, not the user's.
        var home = Path.Combine(cacheFolder, "aspire-home");
        Directory.CreateDirectory(home);
        return KeptProcess.StartAsync(
            new KeptProcessOptions
            {
                Name = "dashboard",
                Command =
                [
                    tool, "dashboard", "run", "--non-interactive", "--nologo",
                    "--frontend-url", Url(port), "--otlp-grpc-url", Url(grpcPort), "--otlp-http-url", Url(httpPort),
                ],
                WorkingDirectory = home,
                OnLine = onLine,
                Environment = new Dictionary<string, string>
                {
                    ["HOME"] = home,
                    ["NO_COLOR"] = "1",
                    ["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "1",
                    ["ASPNETCORE_ENVIRONMENT"] = "Production",
                    ["DASHBOARD__FRONTEND__AUTHMODE"] = "BrowserToken",
                    ["DASHBOARD__FRONTEND__BROWSERTOKEN"] = token,
                    ["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey",
                    ["DASHBOARD__OTLP__PRIMARYAPIKEY"] = key,
                },
            },
            cancellationToken);
    }

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
