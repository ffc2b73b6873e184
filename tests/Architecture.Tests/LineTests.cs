using System.Text.RegularExpressions;
using Shouldly;

namespace VolunteerBook.Architecture.Tests;

/// <summary>Lines are read side by side, on a screen and in a review.</summary>
public sealed partial class LineTests
{
    private const int Most = 160;

    private static readonly string Words = string.Concat(Enumerable.Repeat("word ", Most / 5));

    [Fact]
    public void no_line_is_longer_than_160_characters() =>
        Files().SelectMany(file => TooLong(File.ReadAllLines(Path.Combine(ArchitectureTests.Root, file))).Select(line => $"{file}:{line}")).ShouldBeEmpty();

    [Fact]
    public void a_line_may_be_longer_where_it_is_a_text_that_cannot_be_broken()
    {
        string[] lines =
        [
            Words,
            $"{Words}x",
            $"var vector = \"{new string('x', Most)}\";",
            $"var words = \"{Words}\";",
            $"$\"\"\"<a b=\"{Words}\"/>\"\"\"",
            $"Of(\"\"\"{Words}\"\"\");",
            "var text =",
            "    \"\"\"",
            $"    {Words}x",
            "    \"\"\";",
            $"{Words}x",
        ];
        TooLong(lines).ShouldBe([2, 4, 6, 11]);
    }

    [Fact]
    public void files_have_no_mark_of_byte_order_and_no_carriage_returns_and_end_with_a_whole_line() => Files().Where(file =>
    {
        var bytes = File.ReadAllBytes(Path.Combine(ArchitectureTests.Root, file));
        return bytes is [0xEF, 0xBB, 0xBF, ..] or not [.., (byte)'\n'] || bytes.Contains((byte)'\r');
    }).ShouldBeEmpty();

    [Fact]
    public void usings_stand_in_order() =>
        Files().Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => OutOfOrder(File.ReadAllLines(Path.Combine(ArchitectureTests.Root, file))).Select(line => $"{file}:{line}"))
            .ShouldBeEmpty();

    [Fact]
    public void usings_are_of_System_first_then_of_others_by_name_then_static_and_then_of_other_names()
    {
        OutOfOrder(
            [
                "global using Xunit;",
                "using System;",
                "using System.Text;",
                "using A;",
                "using A.b;",
                "using AB;",
                "using static System.Math;",
                "using static A.C;",
                "using Alias = A.B;",
                "using Other = System.Text;",
                "using var file = Open();",
            ])
            .ShouldBeEmpty();
        foreach (var (first, second) in new[]
        {
            ("using System.Xml;", "using System.Text;"), ("using A;", "using System;"), ("using Systems;", "using System.Text;"), ("using AB;", "using A.B;"),
            ("using static A.B;", "using C;"), ("using A = B;", "using static B.C;"), ("using B = A;", "using A = B;"), ("using A;", "global using B;"),
        })
        {
            OutOfOrder(["// A remark.", first, second, "", "namespace N;"]).ShouldBe([3], $"{first} {second}");
        }
    }

    /// <summary>The lines whose using belongs above the line before it, in the order of <c>dotnet format</c>, which the build does not check.</summary>
    private static IEnumerable<int> OutOfOrder(string[] lines)
    {
        var usings = lines.Select((line, at) => (Using: Using().Match(line), Line: at + 1)).Where(line => line.Using.Success).ToArray();
        return usings.Zip(usings.Skip(1), (first, second) => (first.Using, Next: second))
            .Where(pair => string.CompareOrdinal(Order(pair.Using), Order(pair.Next.Using)) > 0)
            .Select(pair => pair.Next.Line);

        static string Order(Match match)
        {
            var name = match.Groups["name"].Value;
            var scope = match.Groups["global"].Success ? 'a' : 'b';
            var kind = match.Groups["alias"].Success ? 'c' : match.Groups["static"].Success ? 'b' : 'a';
            var system = kind != 'c' && $"{name}.".StartsWith("System.", StringComparison.Ordinal);
            // A dot comes before all that a name is made of, and upper case is as lower case.
            return $"{scope}{kind}{(system ? 'a' : 'b')}{name.ToUpperInvariant().Replace('.', ' ')}";
        }
    }

    /// <summary>
    /// The numbers of the lines that are too long. Not counted is what a line's end would be part of, or has no place for one: the lines of a text in raw
    /// quotes, a line that is such a text alone, and a string without a space, as test vectors are.
    /// </summary>
    private static IEnumerable<int> TooLong(string[] lines)
    {
        var isText = false;
        for (var at = 0; at < lines.Length; at++)
        {
            var line = lines[at];
            var wasText = isText;
            // The quotes of a text of several lines end the line above it and begin the line below it.
            isText = wasText
                ? !line.TrimStart().StartsWith("\"\"\"", StringComparison.Ordinal)
                : line.EndsWith("\"\"\"", StringComparison.Ordinal) && line.Split("\"\"\"").Length % 2 == 0;
            if (line.Length > Most && !(wasText && isText) && !Unbreakable().IsMatch(line))
            {
                yield return at + 1;
            }
        }
    }

    private static IEnumerable<string> Files() =>
        new[] { "*.cs", "*.razor", "*.csproj", "*.props" }
            .SelectMany(kind => Directory.GetFiles(ArchitectureTests.Root, kind, SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(ArchitectureTests.Root, file).Replace('\\', '/'))
            .Where(file => !MadeByATool().IsMatch($"/{file}"))
            .Order(StringComparer.Ordinal);

    [GeneratedRegex(@"^\s*\$*""{3}|""[^"" ]{100,}""")]
    private static partial Regex Unbreakable();

    [GeneratedRegex(@"^(?<global>global )?using (?<static>static )?(?<name>[\w.]+)(?<alias> = [^;]+)?;")]
    private static partial Regex Using();

    [GeneratedRegex(@"/(obj|bin|Migrations|\.[^/]+)/")]
    private static partial Regex MadeByATool();
}
