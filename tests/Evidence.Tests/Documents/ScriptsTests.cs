using System.Text;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Extracts;
using VolunteerBook.Evidence.Pdf;
using Xunit;

namespace VolunteerBook.Evidence.Tests.Documents;

/// <summary>A signed document writes names as they are, or is not made.</summary>
[Trait("Feature", "F28")]
public sealed class ScriptsTests
{
    [Theory]
    [InlineData("Nguyễn Thị Ánh Tuyết Đặng")]
    [InlineData("Nguye\u0302\u0303n Thi\u0323 Hu\u031bo\u031bng")]
    [InlineData("გიორგი ბერიძე")]
    [InlineData("Արամ Խաչատրյան և")]
    [InlineData("王小明 鑫")]
    [InlineData("محمد علي الأحمدي")]
    [InlineData("لا إله مُحَمَّد")]
    [InlineData("علی\u200cرضا گل‌پور")]
    [InlineData("דוד בן־גוריון")]
    [InlineData("सुनीता श्रीवास्तव क्षत्रिय कीर्ति")]
    [InlineData("สมชาย น้ำใจ ปู่ย่า")]
    [InlineData("Әлия Құрманғазы Өтегенқызы")]
    [InlineData("Ραχήλ Ἀθηνᾶ")]
    [InlineData("Þórður Łukasz Ğöksel Ștefan Ŵ")]
    [InlineData("Х\u0326а\u0301рьков")]
    [InlineData("Иван محمد 王小明 გიორგი")]
    public async Task a_name_is_written_and_read_again(string name)
    {
        var certificate = Of(name);
        Writing.Missing(certificate).ShouldBeEmpty();
        using var folder = new Folder();
        folder.Write("a.pdf", await Samples.Pdf(certificate));
        Check.Offline(folder.Read("a.pdf"), new CheckTrust(Samples.Roots), Samples.Now).Ok.ShouldBeTrue();
        (await Tool.Run("qpdf", folder.Path, "--check", "a.pdf")).ShouldContain("No syntax or stream encoding errors found");
        var read = Squeezed(await Tool.Run("pdftotext", folder.Path, "-layout", "a.pdf", "-"));
        read.ShouldContain(Squeezed(name));
        read.ShouldContain(Squeezed($"{name} 2026"));
        read.ShouldContain(Squeezed($"«{name}»"));
    }

    private static ExtractDocument Of(string name)
    {
        var certificate = Samples.Certificate();
        var entry = certificate.Entries[0] with { Project = name + " 2026", Signature = null, Grade = EvidenceGrade.Confirmed, Organisation = "«" + name + "»" };
        return certificate with { Holder = certificate.Holder with { Name = name }, Entries = [entry], Totals = ExtractDocument.TotalsOf([entry]), Points = entry.Points };
    }

    private static string Squeezed(string text) => string.Concat(text.Normalize().Where(letter => !char.IsWhiteSpace(letter) && letter is not ('\u202a' or '\u202b' or '\u202c')));
}
