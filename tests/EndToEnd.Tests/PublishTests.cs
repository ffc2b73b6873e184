using System.Text.RegularExpressions;
using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.SystemUnderTest;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>
/// What the graph is when it is published: held against the checked-in manifest, so that a change of it is seen. ACCEPT_MANIFEST=1 writes it anew.
/// </summary>
public sealed partial class PublishTests
{
    [Fact]
    public async Task the_published_graph_is_the_one_in_the_manifest()
    {
        var folder = Directory.CreateTempSubdirectory("volunteerbook-manifest-").FullName;
        var path = Path.Combine(folder, "manifest.json");
        await using var publish = Child.Start(
            new Dictionary<string, string>(), "dotnet", AsBuilt.Program(Path.Combine(AsBuilt.Repository, "AppHost", "AppHost.csproj")),
            "--publisher", "manifest", "--output-path", path);
        (await publish.EndAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken)).ShouldBe(0, publish.LastLines);

        // Projects are named from where the manifest lies.
        var manifest = FromHere().Replace(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), "\"path\": \"").ReplaceLineEndings("\n");
        Directory.Delete(folder, recursive: true);
        var kept = Path.Combine(AsBuilt.Repository, "tests", "EndToEnd.Tests", "manifest.json");
        if (Environment.GetEnvironmentVariable("ACCEPT_MANIFEST") == "1")
        {
            await File.WriteAllTextAsync(kept, manifest, TestContext.Current.CancellationToken);
        }

        manifest.ShouldBe((await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n"));
        // Nothing that is known here is published: secrets and the address are asked for where it is deployed, and there is no demo.
        manifest.ShouldNotContain("demo");
        manifest.ShouldNotContain("localhost");
    }

    [GeneratedRegex("\"path\": \".*?(?=(services|gateway)/)")]
    private static partial Regex FromHere();
}
