using System.Globalization;
using System.Text.RegularExpressions;
using Shouldly;
using VolunteerBook.Portal.Parts;

namespace VolunteerBook.Portal.Tests;

/// <summary>What can be said of the look without a browser: its colours can be told apart by everybody, and every page takes them from the tokens.</summary>
public sealed partial class LookTests
{
    private static readonly string Css = Path.Combine(Root(), "services", "Shared", "Design", "css");
    private static readonly Dictionary<string, Colour[]> Colours = ReadColours();

    // What a colour-blind eye makes of light (Machado, Oliveira, Fernandes: A Physiologically-based Model for Simulation of Color Vision Deficiency, 2009;
    // severity 1.0), on linear red, green and blue.
    private static readonly Dictionary<string, double[]> Eyes = new()
    {
        ["all colours"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["no red"] = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        ["no green"] = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        ["no blue"] = [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    };

    public static TheoryData<string, string> Texts() => new()
    {
        { "text", "page" },
        { "text", "surface" },
        { "text-soft", "page" },
        { "text-soft", "surface" },
        { "accent", "page" },
        { "accent", "surface" },
        { "accent", "accent-surface" },
        { "text-on-fill", "accent-fill" },
        { "text-on-fill", "accent-fill-over" },
        { "good", "surface" },
        { "good", "good-surface" },
        { "warn", "surface" },
        { "warn", "warn-surface" },
        { "accent", "warn-surface" },
        { "accent", "info-surface" },
        { "accent", "good-surface" },
        { "bad", "page" },
        { "bad", "surface" },
        { "bad", "bad-surface" },
        { "text", "good-surface" },
        { "text", "warn-surface" },
        { "text", "bad-surface" },
        { "text", "info-surface" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void text_can_be_read_in_the_light_and_in_the_dark(string text, string ground)
    {
        // WCAG 2.2, 1.4.3.
        foreach (var theme in new[] { 0, 1 }) Contrast(Colours[text][theme], Colours[ground][theme]).ShouldBeGreaterThanOrEqualTo(4.5, $"theme {theme}");
    }

    [Theory]
    [InlineData("border-strong", "surface")]
    [InlineData("border-strong", "page")]
    [InlineData("focus", "surface")]
    [InlineData("focus", "page")]
    [InlineData("info", "info-surface")]
    [InlineData("chart-1", "surface")]
    [InlineData("chart-2", "surface")]
    [InlineData("chart-3", "surface")]
    [InlineData("chart-4", "surface")]
    [InlineData("chart-5", "surface")]
    public void edges_and_figures_can_be_seen_in_the_light_and_in_the_dark(string drawn, string ground)
    {
        // WCAG 2.2, 1.4.11.
        foreach (var theme in new[] { 0, 1 }) Contrast(Colours[drawn][theme], Colours[ground][theme]).ShouldBeGreaterThanOrEqualTo(3, $"theme {theme}");
    }

    [Fact]
    public void colours_of_a_chart_are_told_apart_by_every_eye()
    {
        // A difference of 10 in OKLab (times 100) is seen at a glance; 2 is the least that is seen at all.
        foreach (var (eye, seen) in Eyes)
        {
            foreach (var theme in new[] { 0, 1 })
            {
                for (var one = 1; one <= 5; one++)
                {
                    for (var other = one + 1; other <= 5; other++)
                    {
                        Difference(Colours[$"chart-{one}"][theme], Colours[$"chart-{other}"][theme], seen)
                            .ShouldBeGreaterThan(10, $"{eye}: chart-{one} and chart-{other}, theme {theme}");
                    }
                }
            }
        }
    }

    [Fact]
    public void a_colour_or_a_length_is_written_among_the_tokens_alone()
    {
        var files = Directory.GetFiles(Css, "*.css", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("tokens.css" or "fonts.css")).ToList();
        files.Count.ShouldBeGreaterThan(10);
        files.SelectMany(file => File.ReadLines(file).Where(line => Raw().IsMatch(line)).Select(line => $"{Path.GetFileName(file)}: {line}")).ShouldBeEmpty();
    }

    [Fact]
    public void every_token_that_is_asked_for_exists_and_none_is_left_over()
    {
        var all = Directory.GetFiles(Css, "*.css", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        var given = all.SelectMany(css => Given().Matches(css).Select(match => match.Groups[1].Value)).ToHashSet();
        var asked = all.SelectMany(css => Asked().Matches(css).Select(match => match.Groups[1].Value)).ToHashSet();
        asked.Except(given).ShouldBeEmpty();
        given.Except(asked).ShouldBeEmpty();
    }

    [Fact]
    public void no_class_is_styled_that_no_page_names()
    {
        var styled = Directory.GetFiles(Css, "*.css", SearchOption.AllDirectories)
            .SelectMany(file => Class().Matches(Comment().Replace(File.ReadAllText(file), "")).Select(match => match.Groups[1].Value)).ToHashSet();
        var pages = string.Concat(
            new[] { Path.Combine("gateway", "Portal"), Path.Combine("services", "Identity", "Pages") }
                .SelectMany(folder => Directory.GetFiles(Path.Combine(Root(), folder), "*.*", SearchOption.AllDirectories))
                .Where(file => Path.GetExtension(file) is ".razor" or ".cshtml" or ".cs" or ".js").Select(File.ReadAllText));
        styled.Count.ShouldBeGreaterThan(80);
        pages += File.ReadAllText(Path.Combine(Root(), "services", "Shared", "Design", "Look.cs"));
        styled.Where(name => !Regex.IsMatch(pages, $@"(?<![\w-]){name}(?![\w-])")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<table", "DataTable.razor")]
    [InlineData("<dialog", "Confirm.razor")]
    public void what_has_a_component_of_its_own_is_written_there_alone(string tag, string component) =>
        Directory.GetFiles(Path.Combine(Root(), "gateway", "Portal"), "*.razor", SearchOption.AllDirectories)
            .Where(file => Regex.IsMatch(File.ReadAllText(file), tag + @"[\s>]")).Select(Path.GetFileName).ShouldBe([component]);

    [Fact]
    public void every_state_that_has_a_word_has_a_tone()
    {
        var texts = File.ReadAllText(Path.Combine(Root(), "gateway", "Portal", "Resources", "Texts.resx"));
        var states = State().Matches(texts).Select(match => match.Groups[1].Value).ToHashSet();
        states.Count.ShouldBeGreaterThan(40);
        Tone.All.Keys.Where(key => !key.StartsWith("match.", StringComparison.Ordinal)).ShouldBe(states, ignoreOrder: true);
    }

    private static double Contrast(Colour one, Colour other)
    {
        var (light, dark) = (Math.Max(one.Luminance, other.Luminance), Math.Min(one.Luminance, other.Luminance));
        return (light + 0.05) / (dark + 0.05);
    }

    // Björn Ottosson: A perceptual color space for image processing, 2020.
    private static double Difference(Colour one, Colour other, double[] eye)
    {
        var (a, b) = (Oklab(one.Seen(eye)), Oklab(other.Seen(eye)));
        return 100 * Math.Sqrt(Math.Pow(a.L - b.L, 2) + Math.Pow(a.A - b.A, 2) + Math.Pow(a.B - b.B, 2));
    }

    private static (double L, double A, double B) Oklab(Colour of)
    {
        var l = Math.Cbrt((0.4122214708 * of.Red) + (0.5363325363 * of.Green) + (0.0514459929 * of.Blue));
        var m = Math.Cbrt((0.2119034982 * of.Red) + (0.6806995451 * of.Green) + (0.1073969566 * of.Blue));
        var s = Math.Cbrt((0.0883024619 * of.Red) + (0.2817188376 * of.Green) + (0.6299787005 * of.Blue));
        return (
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s));
    }

    private static Dictionary<string, Colour[]> ReadColours() =>
        Token().Matches(File.ReadAllText(Path.Combine(Css, "tokens.css"))).ToDictionary(
            match => match.Groups["name"].Value,
            match => new[] { Colour.Of(match.Groups["light"].Value), Colour.Of(match.Groups["dark"].Value) });

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "VolunteerBook.sln"))) folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"--(?<name>[\w-]+): light-dark\((?<light>#[0-9a-f]+), (?<dark>#[0-9a-f]+)\);")]
    private static partial Regex Token();

    [GeneratedRegex(@"#[0-9a-f]{3,8}\b|rgba?\(|hsl|light-dark|^(?!\s*@(?:media|container)).*[\d.]rem")]
    private static partial Regex Raw();

    [GeneratedRegex(@"--([\w-]+):")]
    private static partial Regex Given();

    [GeneratedRegex(@"var\(--([\w-]+)")]
    private static partial Regex Asked();

    [GeneratedRegex(@"(?<=[\s,>+~(.:\w\]*]|^)\.([a-zA-Z][\w-]*)(?=[^{}]*\{)", RegexOptions.Multiline)]
    private static partial Regex Class();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex("""name="status\.([\w-]+\.[\w-]+)"[ ]""")]
    private static partial Regex State();

    // Linear light, each part from 0 to 1.
    private sealed record Colour(double Red, double Green, double Blue)
    {
        // WCAG 2.2, relative luminance.
        public double Luminance => (0.2126 * Red) + (0.7152 * Green) + (0.0722 * Blue);

        public static Colour Of(string hex)
        {
            var digits = hex.Length == 4 ? string.Concat(hex[1..].Select(digit => $"{digit}{digit}")) : hex[1..];
            double Part(int at) => Linear(int.Parse(digits.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0);
            return new(Part(0), Part(2), Part(4));
        }

        public Colour Seen(double[] eye) => new(
            Math.Clamp((eye[0] * Red) + (eye[1] * Green) + (eye[2] * Blue), 0, 1),
            Math.Clamp((eye[3] * Red) + (eye[4] * Green) + (eye[5] * Blue), 0, 1),
            Math.Clamp((eye[6] * Red) + (eye[7] * Green) + (eye[8] * Blue), 0, 1));

        private static double Linear(double part) => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
    }
}
