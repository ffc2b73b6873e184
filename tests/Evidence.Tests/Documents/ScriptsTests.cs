using System.Text;
using Shouldly;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Extracts;
using Xunit;

namespace VolunteerBook.Evidence.Tests.Documents;

/// <summary>A signed document writes names as they are, or is not issued.</summary>
[Trait("Feature", "F28")]
public sealed class ScriptsTests
{
    [Theory]
    [InlineData("Nguyễn Thị Ánh Tuyết Đặng")]
    [InlineData("Nguye\u0302\u0303n Thi\u0323 Hu\u031bo\u031bng")]
    [InlineData("გიორგი ბერიძე")]
    [InlineData("Արամ Խաչատրյան և")]
    [InlineData("王小明 鑫")]
    [InlineData("Әлия Құрманғазы Өтегенқызы")]
    [InlineData("Ραχήλ Ἀθηνᾶ")]
    [InlineData("Þórður Łukasz Ğöksel Ștefan Ŵ")]
    public async Task a_name_is_written_and_read_again(string name)
    {
        var certificate = Samples.Certificate();
        var entry = certificate.Entries[0] with { Project = name + " 2026", Signature = null, Grade = Contracts.Vocabulary.EvidenceGrade.Confirmed, Organisation = "«" + name + "»" };
        var document = certificate with { Holder = certificate.Holder with { Name = name }, Entries = [entry], Totals = ExtractDocument.TotalsOf([entry]), Points = entry.Points };
        Writing.Missing(document).ShouldBeEmpty();
        using var folder = new Folder();
        folder.Write("a.pdf", await Samples.Pdf(document));
        Check.Offline(folder.Read("a.pdf"), new CheckTrust(Samples.Roots), Samples.Now).Ok.ShouldBeTrue();
        var read = Squeezed(await Tool.Run("pdftotext", folder.Path, "-layout", "a.pdf", "-"));
        read.ShouldContain(Squeezed(name));
        read.ShouldContain(Squeezed($"{name} 2026"));
        read.ShouldContain(Squeezed($"«{name}»"));
        read.ShouldNotContain('?');
    }

    [Theory]
    [InlineData("محمد علي")]
    [InlineData("דוד")]
    [InlineData("สมชาย")]
    [InlineData("김철수")]
    [InlineData("😀")]
    [InlineData("𠮷田")]
    [InlineData("Х\u0326")]
    public void what_cannot_be_written_is_named(string name)
    {
        var certificate = Samples.Certificate();
        var missing = Writing.Missing(certificate with { Holder = certificate.Holder with { Name = "Иван " + name }, Entries = [certificate.Entries[0] with { Project = name, Place = null }] });
        missing.Select(one => one.Field).ShouldBe(["holder.name", "entries[0].project"]);
        missing[0].Characters.ShouldAllBe(one => name.EnumerateRunes().Contains(one));
        missing[0].Characters.ShouldNotContain(new Rune('И'));
    }

    private static string Squeezed(string text) => string.Concat(text.Normalize().Where(letter => !char.IsWhiteSpace(letter)));
}
