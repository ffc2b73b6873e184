using System.Globalization;
using System.Text.RegularExpressions;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.Documents.Pdf;

namespace VolunteerBook.Evidence.Tests.Documents;

/// <summary>What ordinary tools say of the files that we issue.</summary>
[Trait("Feature", "N3")]
public sealed partial class SignedExtractTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("ru", false)]
    [InlineData("en", false)]
    [InlineData("ru", true)]
    [InlineData("en", true)]
    [Trait("Feature", "F31")]
    [Trait("Feature", "F33")]
    public async Task pdfsig_trusts_the_signature_under_our_root_and_qpdf_finds_no_error(string language, bool certificate)
    {
        var pdf = await Samples.Pdf(certificate ? Samples.Certificate(language) : Samples.Extract(12, language));
        folder.Write("o.pdf", pdf);
        await TrustRoot();

        var said = await Tool.Run("pdfsig", folder.Path, "-nssdir", "sql:" + folder.Path, "o.pdf");
        said.ShouldContain("Signature is Valid.");
        said.ShouldContain("Certificate is Trusted.");
        said.ShouldContain("Total document signed");
        said.ShouldNotContain("Not total document signed");
        said.ShouldContain("ETSI.CAdES.detached");
        (await Tool.Run("qpdf", folder.Path, "--check", "o.pdf")).ShouldContain("No syntax or stream encoding errors found");
        (await Tool.Run("pdfinfo", folder.Path, "o.pdf")).ShouldContain(certificate ? "Pages:           1" : "Creator:         VolunteerBook");
    }

    // That pdfsig says so of ours says little if it says so of everything.
    [Fact]
    public async Task pdfsig_refuses_a_changed_file_and_does_not_trust_without_our_root()
    {
        var pdf = await Samples.Pdf(Samples.Certificate());
        folder.Write("o.pdf", pdf);
        await Tool.Run("certutil", folder.Path, "-N", "-d", "sql:" + folder.Path, "--empty-password");
        (await Tool.Run("pdfsig", folder.Path, "-nssdir", "sql:" + folder.Path, "o.pdf")).ShouldNotContain("Certificate is Trusted.");
        pdf[pdf.Length / 4] ^= 1;
        folder.Write("o.pdf", pdf);
        (await Tool.Try("pdfsig", folder.Path, "-nssdir", "sql:" + folder.Path, "o.pdf")).Output.ShouldNotContain("Signature is Valid.");
    }

    // One of these words just fits its column, and its comma does not.
    [Fact]
    public async Task no_comma_stands_alone_on_a_line()
    {
        var words = Enumerable.Range(0, 60).Select(n => new string('о', 8 + (n / 5)) + new string('г', n % 5)).ToList();
        var extract = Samples.Extract(words.Count);
        folder.Write(
            "o.pdf",
            await Samples.Pdf(extract with { Entries = [.. extract.Entries.Zip(words, (entry, word) => entry with { TaskTypeName = $"{word}, {word}" })] }));
        await Tool.Run("pdftotext", folder.Path, "-bbox", "o.pdf", "o.html");
        var shown = File.ReadAllText(Path.Combine(folder.Path, "o.html"));
        shown.ShouldContain($">{words[0]},</word>");
        shown.ShouldNotContain(">,</word>");
    }

    // The longest that the services take. What stands below the page's end is signed, and seen by nobody.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task however_long_the_names_are_everything_stands_on_a_page_and_above_its_foot(bool certificate)
    {
        static string Long(int letters) => string.Concat(Enumerable.Repeat("Щ", letters));
        var entry = Samples.Entry(0, EvidenceGrade.Confirmed) with { Organisation = Long(300), Project = Long(200), Place = Long(200) };
        var document = (certificate ? Samples.Certificate() : Samples.Extract(0)) with
        {
            Holder = Samples.Holder with { Name = $"{Long(100)} {Long(100)} {Long(100)}" },
            Entries = [entry],
            Totals = ExtractDocument.TotalsOf([entry]),
            Points = entry.Points,
        };
        if (!certificate)
        {
            document = document with { Scope = new ExtractScope(ExtractScopeKind.Period, new DateOnly(2024, 1, 1), new DateOnly(2024, 12, 31), Long(300)) };
        }

        folder.Write("o.pdf", await Samples.Pdf(document));
        await Tool.Run("pdftotext", folder.Path, "-bbox", "o.pdf", "o.html");
        var words = Word().Matches(File.ReadAllText(Path.Combine(folder.Path, "o.html"))).Select(word => (
            Right: double.Parse(word.Groups["right"].Value, CultureInfo.InvariantCulture),
            Bottom: double.Parse(word.Groups["bottom"].Value, CultureInfo.InvariantCulture),
            Text: word.Groups["text"].Value)).ToList();
        words.ShouldAllBe(word => word.Right <= 560);
        var foot = words.Where(word => word.Bottom > 792).ToList();
        foot.ShouldAllBe(word => word.Bottom < 820 && !word.Text.Contains("ЩЩ", StringComparison.Ordinal));
        words.Except(foot).Count(word => word.Text.Contains("мин", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        words.Sum(word => word.Text.Count(letter => letter == 'Щ')).ShouldBe(certificate ? 1000 : 1300);
    }

    [Fact]
    public async Task the_attachment_is_the_canonical_json_of_the_document()
    {
        var document = Samples.Extract(9);
        folder.Write("o.pdf", await Samples.Pdf(document));
        await Tool.Run("pdfdetach", folder.Path, "-saveall", "o.pdf");
        var json = folder.Read("extract.json");
        json.ShouldBe(ExtractJson.Write(document));
        ExtractJson.Write(ExtractJson.Read(json)!).ShouldBe(json);
    }

    [Theory]
    [InlineData("ru", false)]
    [InlineData("en", true)]
    public async Task the_code_on_the_page_reads_as_the_address_to_check_at(string language, bool certificate)
    {
        var document = certificate ? Samples.Certificate(language) : Samples.Extract(3, language);
        folder.Write("o.pdf", await Samples.Pdf(document));
        await Tool.Run("pdftoppm", folder.Path, "-r", "100", "-png", "-f", "1", "-l", "1", "-singlefile", "o.pdf", "page");
        (await Tool.Run("zbarimg", folder.Path, "-q", "--raw", "page.png")).ShouldContain(document.CheckUrl);
    }

    [Fact]
    public async Task the_text_of_the_pages_is_russian_and_whole()
    {
        var text = await Text(Samples.Extract(12));
        text.ShouldContain("Выписка из электронной книжки волонтёра");
        text.ShouldContain("№ ВК-2026-000123-7QX4 от 22 ноября 2026 г., 14:05 (Europe/Moscow, UTC+03:00)");
        text.ShouldContain("Ёлкина-Преображенская Алёна Всеволодовна");
        text.ShouldContain("29 февраля 2004 г.");
        text.ShouldContain("АНО «Ёж»");
        foreach (var word in "Государственное бюджетное учреждение здравоохранения «Детская городская клиническая больница № 13".Split(' '))
        {
            text.ShouldContain(word);
        }
    }

    [Fact]
    public async Task the_text_of_the_pages_is_english_where_english_is_asked()
    {
        var text = await Text(Samples.Extract(5, "en"));
        text.ShouldContain("Extract from the electronic volunteer book");
        text.ShouldContain("No. ВК-2026-000123-7QX4 of 22 November 2026, 14:05 (Europe/Moscow, UTC+03:00)");
        text.ShouldContain("How to check this document");
        text.ShouldNotContain("Выписка");
    }

    [Theory]
    [InlineData(ExtractScopeKind.WholeBook, "Вся книжка")]
    [InlineData(ExtractScopeKind.Period, "Работа с 1 января 2024 г. по 31 декабря 2024 г.")]
    [InlineData(ExtractScopeKind.Organisation, "Работа в организации: АНО «Ёж»")]
    [InlineData(ExtractScopeKind.TotalsOnly, "Вся книжка; только итоги, без записей")]
    [Trait("Feature", "F31")]
    public async Task the_head_says_what_of_the_book_it_holds(ExtractScopeKind kind, string said)
    {
        var scope = kind switch
        {
            ExtractScopeKind.Period => new ExtractScope(kind, new DateOnly(2024, 1, 1), new DateOnly(2024, 12, 31)),
            ExtractScopeKind.Organisation => new ExtractScope(kind, Name: "АНО «Ёж»"),
            _ => new ExtractScope(kind),
        };
        var text = await Text(Samples.Extract(3, "ru", scope));
        text.ShouldContain(said);
        text.Contains("Записи книжки", StringComparison.Ordinal).ShouldBe(kind != ExtractScopeKind.TotalsOnly);
    }

    [Fact]
    [Trait("Feature", "N6")]
    public async Task two_thousand_entries_stand_under_a_head_and_a_number_on_every_page()
    {
        var document = Samples.Extract(2000);
        var pages = (await Text(document)).Split('\f', StringSplitOptions.RemoveEmptyEntries);
        pages.Length.ShouldBeGreaterThan(100);
        foreach (var (index, page) in pages.Index())
        {
            page.ShouldContain($"стр. {index + 1} из {pages.Length}");
            page.ShouldContain(document.Number);
            if (index < pages.Length - 1)
            {
                page.ShouldContain("Организация, проект");
            }
        }

        Number().Matches(string.Concat(pages)).Select(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))
            .Where(number => number <= 2000).Distinct().Count().ShouldBe(2000);
    }

    [Fact]
    public async Task more_letters_than_a_simple_font_can_have_and_composed_ones_are_shown()
    {
        var all = string.Concat(Enumerable.Range(0xC0, 0x200).Concat(Enumerable.Range(0x410, 0xF0)).Select(code => (char)code).Where(char.IsLetter));
        var entry = Samples.Entry(1) with { Organisation = all, Project = "汉字 и и\u0306 на двух\nстроках" };
        var text = await Text(Samples.Extract(0) with { Entries = [entry], Totals = ExtractDocument.TotalsOf([entry]), Points = entry.Points });
        text.ShouldContain("汉字 и й на двух");
        var shown = text.Where(char.IsLetter).ToHashSet();
        "ÀÿĀĄŁőŽžАЯёҐғҡӘ".ShouldAllBe(letter => shown.Contains(letter));
    }

    [Fact]
    public async Task a_row_higher_than_a_page_goes_on_on_the_next()
    {
        var shifts = Enumerable.Range(0, 200).Select(day => new Shift(new DateTime(2026, 1, 1, 9, 0, 0).AddDays(day), "Asia/Kamchatka", 60)).ToList();
        var entry = Samples.Entry(1) with { Shifts = shifts, Minutes = 12000 };
        var text = await Text(Samples.Extract(0) with { Entries = [entry], Totals = ExtractDocument.TotalsOf([entry]), Points = entry.Points });
        text.ShouldContain("01.01.2026");
        text.ShouldContain("19.07.2026");
    }

    // The night of 25 October 2026 has two hours from 2 to 3 in Berlin; the zone's clock, not a sum, says when the shift ended.
    [Fact]
    public async Task a_shift_ends_by_the_clock_of_its_place()
    {
        var entry = Samples.Entry(1) with { Shifts = [new Shift(new DateTime(2026, 10, 24, 23, 0, 0), "Europe/Berlin", 300)], Minutes = 300 };
        var text = await Text(Samples.Extract(0) with { Entries = [entry], Totals = ExtractDocument.TotalsOf([entry]), Points = entry.Points });
        text.ShouldContain("25.10.2026,");
        text.ShouldContain("03:00");
        text.ShouldNotContain("04:00");
    }

    [Fact]
    public void a_language_that_we_do_not_have_is_refused() =>
        Should.Throw<ArgumentException>(() => Samples.Pdf(Samples.Extract(1) with { Language = "de" }).GetAwaiter().GetResult());

    [Fact]
    public void a_certificate_of_nothing_is_refused() =>
        Should.Throw<ArgumentException>(() => Samples.Pdf(Samples.Certificate() with { Entries = [] }).GetAwaiter().GetResult());

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("no json")]
    public void what_is_no_extract_is_not_read(string json) => ExtractJson.Read(System.Text.Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    [Fact]
    public void a_member_that_is_not_ours_or_a_second_spelling_is_not_read()
    {
        var json = System.Text.Encoding.UTF8.GetString(ExtractJson.Write(Samples.Extract(2)));
        ExtractJson.Read(System.Text.Encoding.UTF8.GetBytes(json)).ShouldNotBeNull();
        ExtractJson.Read(System.Text.Encoding.UTF8.GetBytes(json.Insert(1, "\"a\":1,"))).ShouldBeNull();
        ExtractJson.Read(System.Text.Encoding.UTF8.GetBytes(json + " ")).ShouldBeNull();
        ExtractJson.Read(System.Text.Encoding.UTF8.GetBytes(json.Insert(json.Length - 1, ",\"zone\":\"Europe/Moscow\""))).ShouldBeNull();
    }

    [Fact]
    public async Task what_lies_behind_the_signature_or_beside_it_is_seen()
    {
        var pdf = await Samples.Pdf(Samples.Certificate());
        PdfSignature.Read(pdf).ShouldNotBeNull();
        PdfSignature.Read((byte[])[.. pdf, (byte)'\n']).ShouldBeNull();
        PdfSignature.Read(pdf.AsMemory(..^1)).ShouldBeNull();

        // The last digits of the room for the signature, which no signature covers.
        var contents = pdf.AsSpan().IndexOf("/Contents <3"u8);
        var hidden = (byte[])pdf.Clone();
        hidden[contents + hidden.AsSpan(contents).IndexOf((byte)'>') - 1] = (byte)'1';
        PdfSignature.Read(hidden).ShouldBeNull();
    }

    private async Task TrustRoot()
    {
        folder.Write("root.pem", Samples.Portal.Root.ExportCertificatePem());
        await Tool.Run("certutil", folder.Path, "-N", "-d", "sql:" + folder.Path, "--empty-password");
        await Tool.Run("certutil", folder.Path, "-A", "-d", "sql:" + folder.Path, "-n", "root", "-t", "C,C,C", "-i", "root.pem");
    }

    private async Task<string> Text(ExtractDocument document)
    {
        folder.Write("o.pdf", await Samples.Pdf(document));
        return (await Tool.Run("pdftotext", folder.Path, "-layout", "o.pdf", "-")).Replace('\u00a0', ' ');
    }

    [GeneratedRegex(@"^ {0,4}(\d{1,4}) ", RegexOptions.Multiline)]
    private static partial Regex Number();

    [GeneratedRegex("""xMax="(?<right>[\d.]+)" yMax="(?<bottom>[\d.]+)">(?<text>[^<]*)</word>""")]
    private static partial Regex Word();
}
