using System.Globalization;
using System.Text;
using CsCheck;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Pdf;

namespace VolunteerBook.Evidence.Tests.Documents;

/// <summary>What is refused where a text is typed, by a list of characters, is what the fonts would refuse when a document is made.</summary>
[Trait("Feature", "F28")]
public sealed class WritingTests
{
    private static readonly List<Rune> Written =
        [.. WritingFace.All.SelectMany(face => face.Ranges)
            .SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)).Distinct().Where(Rune.IsValid).Select(value => new Rune(value))];

    private static readonly List<Rune> Marks = [.. Written.Where(
        rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.Format)];

    /// <summary>ACCEPT_CHARACTERS=1 writes the list anew, after a font was changed.</summary>
    [Fact]
    public void the_list_of_characters_is_that_of_the_fonts()
    {
        var fonts = FontFile.OfFace("GolosText-Regular").Select(font => (font.Name, Ranges: Ranges(font))).ToList();
        if (Environment.GetEnvironmentVariable("ACCEPT_CHARACTERS") == "1")
        {
            File.WriteAllLines(ListFile(), fonts.SelectMany(font => Lines(font.Ranges).Prepend(font.Name)));
            return;
        }

        WritingFace.All.Select(face => face.Name).ShouldBe(fonts.Select(font => font.Name));
        foreach (var (face, font) in WritingFace.All.Zip(fonts))
        {
            face.Ranges.ShouldBe(font.Ranges, font.Name);
        }
    }

    [Fact]
    public void of_single_characters_the_list_and_the_fonts_say_the_same()
    {
        var differing = Enumerable.Range(0, 0x20000).Where(Rune.IsValid).Select(value => new Rune(value).ToString())
            .Where(one => Writing.Missing(one).Count > 0 != Typeface.Missing(one).Count > 0).ToList();
        differing.ShouldBeEmpty();
    }

    [Fact]
    public void what_the_list_lets_through_the_fonts_write_within_its_column() =>
        Gen.Frequency(
            (3, Gen.Int[0, Written.Count - 1].Select(index => Written[index])),
            (2, Gen.Int[0, Marks.Count - 1].Select(index => Marks[index])),
            (1, Gen.Int[0x20, 0x1FFF].Select(value => new Rune(value)))).List[1, 12]
            .Select(runes => string.Concat(runes)).Where(text => Writing.Missing(text).Count == 0)
            .Sample(
                text =>
                {
                    Typeface.Missing(text).ShouldBeEmpty();
                    var shown = Writing.Shown(text);
                    for (var letters = StringInfo.GetTextElementEnumerator(shown); letters.MoveNext();)
                    {
                        // As in ScriptsTests, the narrowest column.
                        Typeface.Bold().Width(letters.GetTextElement(), 7.5).ShouldBeLessThanOrEqualTo(65);
                    }
                },
                iter: 3000);

    private static List<(int First, int Last)> Ranges(FontFile font)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var code in Enumerable.Range(0, 0x110000).Where(code => Rune.IsValid(code) && font.Has(new Rune(code))))
        {
            if (ranges is [.., var last] && last.Last == code - 1)
            {
                ranges[^1] = last with { Last = code };
            }
            else
            {
                ranges.Add((code, code));
            }
        }

        return ranges;
    }

    private static IEnumerable<string> Lines(IReadOnlyList<(int First, int Last)> ranges) =>
        ranges.Select(range => range.First == range.Last ? $"{range.First:X4}" : $"{range.First:X4}-{range.Last:X4}")
            .Chunk(14).Select(line => " " + string.Join(' ', line));

    private static string ListFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "VolunteerBook.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "services", "Shared", "Contracts", "Vocabulary", "written-characters.txt");
    }
}
