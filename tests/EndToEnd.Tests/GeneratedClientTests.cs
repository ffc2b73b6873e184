using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using Shouldly;
using VolunteerBook.Demo;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>Who has nothing of ours but the OpenAPI document makes a client of it by a generator, and does the main job with it.</summary>
[Collection(RunningSystem.Shared)]
public sealed class GeneratedClientTests(RunningSystem running)
{
    [Fact]
    [Trait("Feature", "F15")]
    public async Task a_client_generated_from_the_document_compiles_and_does_the_main_job()
    {
        using var nobody = await running.NobodyAsync();
        using var world = await AWorld.MakeAsync(nobody);
        var volunteer = await nobody.Person(AWorld.NextVolunteer()).WithANameAsync();
        var folder = Directory.CreateTempSubdirectory("volunteerbook-client-").FullName;
        try
        {
            using var http = new HttpClient();
            await File.WriteAllBytesAsync($"{folder}/document.json", await http.GetByteArrayAsync(new Uri(nobody.Gateway, "/openapi/v1.json")));
            await RunAsync("tool", "restore");
            await RunAsync(
                "kiota", "generate", "--language", "CSharp", "--openapi", $"{folder}/document.json", "--class-name", "ApiClient", "--namespace-name",
                "VolunteerBook.Client", "--output", $"{folder}/client", "--exclude-backward-compatible");
            var built = await RunAsync(
                "build", "tests/GeneratedClient", "--configuration", "Release", "--verbosity", "minimal", $"-p:Client={folder}/client",
                $"-p:BaseIntermediateOutputPath={folder}/obj/", "--output", $"{folder}/built");
            var others = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.Contains("/client/", StringComparison.Ordinal));
            File.Exists($"{folder}/built/VolunteerBook.GeneratedClient.dll").ShouldBeTrue($"{built}: {string.Join('\n', others)}");
            var said = await RunAsync($"{folder}/built/VolunteerBook.GeneratedClient.dll",
                nobody.Gateway.ToString().TrimEnd('/'), (await volunteer.TokenAsync())!, (await world.Coordinator.TokenAsync())!,
                world.Organisation.Id.ToString(), world.Key.Pkcs8(), world.Key.Kid);
            said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]).ShouldBe(["logged", "confirmed", "counted", "refused"]);
            said.ShouldContain("refused https://volunteerbook.example/problems/");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Repository(), RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["KIOTA_OFFLINE_ENABLED"] = "true";
        start.Environment["KIOTA_CLI_TELEMETRY_OPTOUT"] = "true";
        using var process = Process.Start(start)!;
        var said = new StringBuilder();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        said.Append(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0, $"dotnet {string.Join(' ', arguments.Take(2))}: {said}{await errors}");
        return said.ToString();
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
