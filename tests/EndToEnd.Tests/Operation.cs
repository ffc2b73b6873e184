using Shouldly;
using VolunteerBook.AppHost;
using VolunteerBook.SystemUnderTest;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>What <c>./volunteerbook ops</c> said, and its exit code.</summary>
internal sealed record Operation(int Code, IReadOnlyList<string> Lines)
{
    private static readonly string Program = AsBuilt.Program(Path.Combine(AsBuilt.Repository, "AppHost", "AppHost.csproj"));

    /// <summary>Carries one out on a state folder.</summary>
    public static Task<Operation> RunAsync(string folder, int portBase, params IEnumerable<string> words) => CommandAsync(folder, portBase, ["ops", .. words]);

    /// <summary>Audits a state folder's ledger.</summary>
    public static Task<Operation> AuditAsync(string folder, int portBase, params IEnumerable<string> words) =>
        CommandAsync(folder, portBase, ["audit", .. words]);

    /// <summary>Starts a state folder's system, where that is to be refused.</summary>
    public static Task<Operation> UpAsync(string folder, int portBase) => CommandAsync(folder, portBase, []);

    /// <summary>It ended so, and its last line was this.</summary>
    public void ShouldSay(int code, string last) => (Code, Lines.LastOrDefault("")).ShouldBe((code, last), string.Join(Environment.NewLine, Lines));

    private static async Task<Operation> CommandAsync(string folder, int portBase, IEnumerable<string> words)
    {
        await using var program = Child.Start(new Dictionary<string, string>(), "dotnet", [Program, .. words, "--data", folder, "--port-base", $"{portBase}"]);
        var code = await program.EndAsync(TimeSpan.FromMinutes(15), TestContext.Current.CancellationToken);
        return new(code, program.Lines);
    }
}
