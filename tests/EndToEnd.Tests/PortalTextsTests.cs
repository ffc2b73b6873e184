using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>The portal's texts are complete in both languages.</summary>
public sealed partial class PortalTextsTests
{
    private static readonly string Portal = Path.Combine(Root(), "gateway", "Portal");
    private static readonly Dictionary<string, string> Russian = Read("Texts.resx");
    private static readonly Dictionary<string, string> English = Read("Texts.en.resx");

    [Fact]
    public void both_languages_have_the_same_texts_with_the_same_places_for_values()
    {
        English.Keys.ShouldBe(Russian.Keys, ignoreOrder: true);
        Russian.Keys.Where(key => !Places(Russian[key]).SetEquals(Places(English[key]))).ShouldBeEmpty();
    }

    [Fact]
    public void every_text_that_a_page_names_exists()
    {
        var named = Directory.EnumerateFiles(Portal, "*.*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".razor", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => NamedText().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value))
            .ToHashSet();

        named.Count.ShouldBeGreaterThan(200);
        named.Where(key => !Russian.ContainsKey(key)).ShouldBeEmpty();
    }

    [Fact]
    public void every_refusal_that_a_service_gives_has_a_text()
    {
        var given = new[] { "services", "ServiceDefaults", Path.Combine("gateway", "Gateway") }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Root(), folder), "*.cs", SearchOption.AllDirectories))
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => Refused().Matches(File.ReadAllText(file)).Select(match => match.Groups.Values.Last(group => group.Success).Value))
            .ToHashSet();

        given.Count.ShouldBeGreaterThan(180);
        given.Where(code => !Russian.ContainsKey($"problem.{code}")).ShouldBeEmpty();
    }

    private static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value)];

    private static Dictionary<string, string> Read(string file) =>
        XDocument.Load(Path.Combine(Portal, "Resources", file)).Root!
            .Elements("data").ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VolunteerBook.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    // T["book.title"] or t["book.title", value]; keys that are put together from parts end in a plus and are not complete.
    [GeneratedRegex("""\b[Tt]\["([a-z0-9.\-]+)"[,\]]""")]
    private static partial Regex NamedText();

    // Refusal.Invalid("a-rule", …), new Refusal("a-rule", …), new("a-rule", StatusCodes…), new BrokenRuleException("a-rule", …), and
    // a status to its code: 404 => "not-found".
    [GeneratedRegex(
        """(?:Refusal\.(?:Invalid|Conflict)\(|new Refusal\(|new BrokenRuleException\()\s*"([a-z0-9\-]+)"|\bnew\(\s*"([a-z0-9\-]+)",\s*StatusCodes|\b[45]\d\d => "([a-z\-]+)["]""")]
    private static partial Regex Refused();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Place();
}
