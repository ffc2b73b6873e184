using System.Globalization;
using System.Text;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Documents.Pdf;
using VolunteerBook.Evidence.Checks;

namespace VolunteerBook.Evidence.Tests.Documents;

/// <summary>A signed document writes names as they are, or is not made.</summary>
[Trait("Feature", "F28")]
public sealed class ScriptsTests
{
    [Theory]
    [InlineData("Nguyễn Thị Ánh Tuyết Đặng")]
    [InlineData("Nguye\u0302\u0303n Thi\u0323 Hu\u031bo\u031bng")]
    [InlineData("გიორგი ბერიძე ᲒᲘᲝᲠᲒᲘ")]
    [InlineData("Արամ Խաչատրյան և")]
    [InlineData("王小明 鑫")]
    [InlineData("محمد علي الأحمدي")]
    [InlineData("لا إله مُحَمَّد")]
    [InlineData("علی\u200cرضا گل‌پور")]
    [InlineData("ئۇيغۇر محـــمد ﷲ")]
    [InlineData("דוד בן־גוריון")]
    [InlineData("שָׁלוֹם עֲלֵיכֶם")]
    [InlineData("सुनीता श्रीवास्तव क्षत्रिय कीर्ति क्\u200dष क्\u200cष")]
    [InlineData("สมชาย น้ำใจ ปู่ย่า")]
    [InlineData("Әлия Құрманғазы Өтегенқызы")]
    [InlineData("Ραχήλ Ἀθηνᾶ")]
    [InlineData("Þórður Łukasz Ğöksel Ștefan Ŵ")]
    [InlineData("Х\u0326а\u0301рьков")]
    [InlineData("Конста\u00adнтин Анна\u200b\u2060\ufeffМария \u202eабв\u202c \u2067где\u2069")]
    [InlineData("葛\U000E0100 a\ufe0e")]
    [InlineData("Иван محمد 王小明 გიორგი")]
    public async Task a_name_is_written_and_read_again(string name)
    {
        var certificate = Of(name);
        Typesetting.Missing(certificate).ShouldBeEmpty();
        Writing.Missing("name", name).ShouldBeNull();
        using var folder = new Folder();
        folder.Write("a.pdf", await Samples.Pdf(certificate));
        Check.Offline(folder.Read("a.pdf"), new CheckTrust(Samples.Roots), Samples.Now).Ok.ShouldBeTrue();
        (await Tool.Run("qpdf", folder.Path, "--check", "a.pdf")).ShouldContain("No syntax or stream encoding errors found");
        var lines = (await Tool.Run("pdftotext", folder.Path, "-layout", "a.pdf", "-")).Split('\n').Select(Bare).ToList();
        // Each on the line of its label, whatever stands above and below its letters.
        lines.ShouldContain("Волонтёр" + Bare(name));
        lines.ShouldContain(line => line.StartsWith("Мероприятие,проект", StringComparison.Ordinal) && line.Contains(Bare(name), StringComparison.Ordinal));
        lines.ShouldContain(line => line.StartsWith("Организация", StringComparison.Ordinal) && line.Contains(Bare(name), StringComparison.Ordinal));
        lines.ShouldContain("Место" + Bare(name) + ",Москва");
    }

    [Theory]
    [InlineData("Анна 😀", "😀")]
    [InlineData("さくら 王", "さくら")]
    [InlineData("김철수", "김철수")]
    [InlineData("臺北", "臺")]
    [InlineData("𠮷野", "𠮷")]
    [InlineData("தமிழ்", "தமிழ்")]
    [InlineData("a\ue000b\ufffd", "\ue000\ufffd")]
    public async Task what_no_font_writes_is_named_and_never_drawn(string name, string characters)
    {
        var certificate = Of(name);
        Typesetting.Missing(certificate).Select(one => one.Field)
            .ShouldBe(["holder.name", "entries[0].organisation", "entries[0].project", "entries[0].place"]);
        Typesetting.Missing("name", name)!.Characters.ShouldBe(characters.EnumerateRunes(), ignoreOrder: true);
        Writing.Missing("name", name)!.Characters.ShouldBe(characters.EnumerateRunes(), ignoreOrder: true);
        await Should.ThrowAsync<InvalidOperationException>(() => Samples.Pdf(certificate));
    }

    // Drawn, they reach into other lines: a number or hours under a signature would read otherwise.
    [Theory]
    [InlineData("Q\u0301\u0302\u0303\u0304", 0)]
    [InlineData("Q\u0301\u0302\u0303\u0304\u0307", 1)]
    [InlineData("Q\u0301\u200d\u0302\u0303\ufe0f\u0304\u0307\u0308", 2)]
    [InlineData("א\u05b0\u05bc\u05c1\u05bd", 0)]
    [InlineData("ม\u0e49\u0e49\u0e49\u0e49\u0e49", 1)]
    [InlineData("Q\u0336\u0336\u0336\u0336\u0332\u0333", 2)]
    public void a_pile_of_marks_is_refused(string name, int tooMany)
    {
        (Typesetting.Missing("name", name)?.Characters.Count ?? 0).ShouldBe(tooMany);
        (Typesetting.Missing("name", "Я\u0301" + name + "Я\u0301")?.Characters.Count ?? 0).ShouldBe(tooMany);
    }

    [Fact]
    public void what_is_not_looked_at_more_closely_is_written_alone_doubled_and_beside_every_other()
    {
        foreach (var one in Writing.Plain)
        {
            Typeface.MissingOnceSet(string.Concat(Writing.Plain.Select(other => $"{one}{other}"))).ShouldBeEmpty($"{one}");
            Typeface.MissingOnceSet(new string(one, 200)).ShouldBeEmpty($"{one}");
        }
    }

    [Fact]
    public void what_is_no_character_at_all_is_named_as_one_that_was_lost() =>
        Typesetting.Missing("name", "Анна\ufffe")!.Characters.ShouldBe([Rune.ReplacementChar]);

    // Each is one letter, which is not broken between lines: drawn, it goes on over the hours and out of the page.
    [Theory]
    [InlineData("ก", "ำ")]
    [InlineData("क", "ा")]
    [InlineData("म", "ो")]
    public void a_chain_that_goes_on_is_refused(string letter, string sign)
    {
        Typesetting.Missing("name", letter + sign + sign).ShouldBeNull();
        Typesetting.Missing("name", letter + string.Concat(Enumerable.Repeat(sign, 100)))!.Characters.ShouldBe((letter + sign).EnumerateRunes());
    }

    // Whatever a name is made of, an extract's columns keep to themselves.
    [Fact]
    public void no_letter_is_wider_than_the_narrowest_column()
    {
        var (face, fonts) = (Typeface.Bold(), FontFile.OfFace("GolosText-Bold"));
        var letters = Enumerable.Range(' ', 0x1FFFF)
            .Where(Rune.IsValid).Select(value => new Rune(value)).Where(rune => fonts.Any(font => font.Has(rune))).ToList();
        letters.Count.ShouldBeGreaterThan(11_000);
        // At the size and in the width of the narrowest column, "Где".
        (letters.Chunk(500).SelectMany(chunk => face.Set(string.Join(' ', chunk))).Max(cluster => cluster.Width) * 7.5 / 1000).ShouldBeInRange(20, 65);
    }

    [Theory]
    [InlineData("Nguyễn", "NotoSans-Regular", true)]
    [InlineData("Анна", "GolosText-Bold", false)]
    [InlineData("محمد", "NotoSansArabic-Regular", true)]
    public void a_word_is_of_one_font_and_in_a_bold_line_of_one_weight(string word, string font, bool thick)
    {
        Typeface.Bold().Set(word).Select(cluster => (cluster.Font.Name, cluster.Thick)).Distinct().ShouldBe([(font, thick)]);
        Typeface.Regular().Set(word).ShouldAllBe(cluster => !cluster.Thick);
    }

    private static ExtractDocument Of(string name)
    {
        var certificate = Samples.Certificate();
        var entry = certificate.Entries[0] with
        {
            Project = name + " 2026",
            Place = name,
            RegionName = "Москва",
            Signature = null,
            Grade = EvidenceGrade.Confirmed,
            Organisation = "«" + name + "»",
        };
        return certificate with
        {
            Holder = certificate.Holder with { Name = name },
            Entries = [entry],
            Totals = ExtractDocument.TotalsOf([entry]),
            Points = entry.Points,
        };
    }

    // Without spaces, and without what shows nothing and is not needed to write the name.
    private static string Bare(string text) => string.Concat(text.Normalize().EnumerateRunes()
        .Where(rune => !Rune.IsWhiteSpace(rune) && (rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune) != UnicodeCategory.Format)
            && rune.Value is not (>= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF)));
}
