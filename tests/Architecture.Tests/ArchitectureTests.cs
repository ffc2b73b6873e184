using System.Reflection;
using System.Reflection.Emit;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace VolunteerBook.Architecture.Tests;

/// <summary>The rules that keep the system simple, where a machine can check them.</summary>
public sealed class ArchitectureTests
{
    private static readonly string Root = FindRoot();

    private static readonly Assembly[] Services =
    [
        typeof(Profiles.ProfilesStore).Assembly, typeof(Ledger.LedgerStore).Assembly, typeof(Verification.VerificationStore).Assembly,
        typeof(Vacancies.VacanciesStore).Assembly, typeof(Reporting.ReportingStore).Assembly,
    ];

    [Fact]
    public void no_service_references_another()
    {
        foreach (var project in Directory.GetFiles(Path.Combine(Root, "services"), "*.csproj", SearchOption.AllDirectories))
        {
            References(project).Except(["EventSourcing", "Contracts", "ServiceDefaults", "Evidence"]).ShouldBeEmpty(project);
        }
    }

    [Fact]
    public void contracts_depend_on_nothing()
    {
        var project = XDocument.Load(Path.Combine(Root, "services", "Contracts", "Contracts.csproj"));
        project.Descendants("ProjectReference").ShouldBeEmpty();
        project.Descendants("PackageReference").ShouldBeEmpty();
    }

    [Fact]
    public void only_the_event_sourcing_knows_the_broker()
    {
        var users = SourceFiles("services").Concat(SourceFiles("gateway")).Where(file => File.ReadAllText(file).Contains("using MassTransit", StringComparison.Ordinal));
        users.ShouldAllBe(file => file.Contains("/EventSourcing/", StringComparison.Ordinal));
    }

    // They keep a long body in a file with a name, which outlives a process that is killed.
    [Fact]
    public void nobody_receives_into_the_buffers_of_asp_net()
    {
        foreach (var file in SourceFiles("services").Concat(SourceFiles("gateway")).Concat(SourceFiles("ServiceDefaults")))
        {
            var text = File.ReadAllText(file);
            foreach (var buffer in new[] { "EnableBuffering", "FileBuffering", "GetTempFileName" })
            {
                text.ShouldNotContain(buffer, Case.Sensitive, file);
            }
        }
    }

    [Fact]
    public void what_a_service_is_made_of_fits_on_a_screen()
    {
        foreach (var program in SourceFiles("services").Concat(SourceFiles("gateway")).Where(file => Path.GetFileName(file) == "Program.cs"))
        {
            File.ReadLines(program).Count().ShouldBeLessThanOrEqualTo(40, program);
        }
    }

    [Fact]
    public void nothing_in_the_domain_reads_the_clock_or_makes_a_random_id_of_its_own()
    {
        foreach (var file in SourceFiles("services").Where(file => !file.Contains("/Identity/", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            foreach (var forbidden in new[] { "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Guid.NewGuid" })
            {
                text.ShouldNotContain(forbidden, Case.Sensitive, file);
            }
        }
    }

    [Fact]
    public void applying_an_event_and_deciding_call_nothing_that_reads_time_or_does_input_and_output()
    {
        var found = 0;
        foreach (var method in Services.SelectMany(service => service.GetTypes()).SelectMany(type => type.GetMethods(All)).Where(method => method.Name is "Apply" or "Decide" or "Create"))
        {
            if (method.DeclaringType!.Namespace?.StartsWith("VolunteerBook", StringComparison.Ordinal) != true)
            {
                continue;
            }

            found++;
            method.ReturnType.IsAssignableTo(typeof(Task)).ShouldBeFalse($"{method.DeclaringType}.{method.Name} waits for something");
            foreach (var called in Calls(method))
            {
                var name = $"{called.DeclaringType?.FullName}.{called.Name}";
                new[] { "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Guid.CreateVersion7", "System.TimeProvider.GetUtcNow" }
                    .ShouldNotContain(name, $"{method.DeclaringType}.{method.Name}");
                (called.DeclaringType?.Namespace ?? "").ShouldNotStartWith("System.Net");
                (called.DeclaringType?.Namespace ?? "").ShouldNotStartWith("Npgsql");
            }
        }

        found.ShouldBeGreaterThan(60);
    }

    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static IEnumerable<string> SourceFiles(string folder) =>
        Directory.GetFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));

    [Fact]
    public void no_assertion_hangs_on_what_may_be_absent()
    {
        foreach (var file in SourceFiles("tests"))
        {
            var text = File.ReadAllText(file);
            for (var at = text.IndexOf(".Should", StringComparison.Ordinal); at >= 0; at = text.IndexOf(".Should", at + 1, StringComparison.Ordinal))
            {
                MayBeSkipped(text, at).ShouldBeFalse($"{file}, line {text.AsSpan(0, at).Count('\n') + 1}: where the left side of ?. is null nothing is asserted; put it in parentheses");
            }
        }
    }

    [Theory]
    [InlineData("a?.B", true)]
    [InlineData("x => a(b)?[c].D(e)", true)]
    [InlineData("(a?.B)", false)]
    [InlineData("a(b?.C)", false)]
    [InlineData("a?.B(); c", false)]
    [InlineData("x => a?.B, y => c", false)]
    public void what_may_be_skipped(string text, bool maybe) => MayBeSkipped(text, text.Length).ShouldBe(maybe);

    // Whether ?. or ?[ stands, outside of brackets, before this place in its expression.
    private static bool MayBeSkipped(string text, int at)
    {
        for (var (i, depth) = (at - 1, 0); i >= 0; i--)
        {
            depth += text[i] is ')' or ']' or '}' ? 1 : text[i] is '(' or '[' or '{' ? -1 : 0;
            if (depth < 0 || (depth == 0 && (text[i] is ';' or '=' or ',' or '{')))
            {
                return false;
            }

            if (depth == 0 && text[i] == '?' && (text[i + 1] is '.' or '['))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The methods that a method calls itself, read from its instructions.</summary>
    private static IEnumerable<MethodBase> Calls(MethodInfo method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] == OpCodes.Call.Value || code[i] == OpCodes.Callvirt.Value)
            {
                MethodBase? called = null;
                try
                {
                    called = method.Module.ResolveMethod(BitConverter.ToInt32(code, i + 1), method.DeclaringType!.GetGenericArguments(), method.GetGenericArguments());
                }
                catch (ArgumentException)
                {
                    // The byte was part of another instruction's operand.
                }

                if (called is not null)
                {
                    yield return called;
                }
            }
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VolunteerBook.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
