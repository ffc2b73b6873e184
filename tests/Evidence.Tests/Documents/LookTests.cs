using System.Text.RegularExpressions;
using Shouldly;
using VolunteerBook.Documents.Pdf;

namespace VolunteerBook.Evidence.Tests.Documents;

/// <summary>Documents look like the portal.</summary>
[Trait("Feature", "F28")]
public sealed partial class LookTests
{
    [Fact]
    public void inks_are_the_colours_of_the_portal()
    {
        var tokens = File.ReadAllText(Path.Combine(Root(), "services", "Shared", "Design", "css", "tokens.css"));
        var light = Light().Matches(tokens).ToDictionary(token => token.Groups[1].Value, token => token.Groups[2].Value);
        foreach (var (token, ink) in new[]
        {
            ("accent", Ink.Accent), ("text", Ink.Black), ("text-soft", Ink.Grey), ("border", Ink.Line), ("page", Ink.Shade),
        })
        {
            light[token].ShouldBe($"#{ink.Red:x2}{ink.Green:x2}{ink.Blue:x2}", token);
        }
    }

    [GeneratedRegex(@"--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}),")]
    private static partial Regex Light();

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "VolunteerBook.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
