using System.Text;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Documents.Pdf;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;

namespace VolunteerBook.Evidence.Tests.Checks;

/// <summary>
/// A hundred artefacts, 25 of each kind, with one bit changed in one byte: none is ever accepted. Where there are too many bytes to change each in each
/// artefact, the artefacts share them out: artefact n has every 25th byte changed, from the nth on.
/// </summary>
[Trait("Feature", "N3")]
public sealed class TamperTests
{
    private const int Artefacts = 25;

    // The last bit; the bit between upper and lower case, of letters and of hexadecimal digits; the bit between a digit and a control character; the first.
    private static readonly byte[] Bits = [0x01, 0x20, 0x10, 0x80];

    private static readonly CheckTrust Trust = new(
        Samples.Roots, Keys: [.. Enumerable.Range(0, 3).Select(number => Samples.Entry(number, EvidenceGrade.Signed).Signature!.Key!)]);

    [Fact]
    public void no_changed_byte_of_a_jws_is_accepted()
    {
        for (var artefact = 0; artefact < Artefacts; artefact++)
        {
            var jws = Encoding.ASCII.GetBytes(Samples.Entry(artefact, EvidenceGrade.Signed).Signature!.Text);
            ShouldRefuse(jws, artefact, Enumerable.Range(0, jws.Length).Where(at => at % 5 == artefact % 5), CheckedKind.Jws);
        }
    }

    [Fact]
    public void no_changed_byte_of_a_credential_is_accepted()
    {
        for (var artefact = 0; artefact < Artefacts; artefact++)
        {
            var jwt = Encoding.ASCII.GetBytes(CheckTests.Credential(artefact));
            ShouldRefuse(
                jwt, artefact, Enumerable.Range(0, jwt.Length).Where(at => at % Artefacts == artefact).Concat(Enumerable.Range(jwt.Length - 86, 86)),
                CheckedKind.Credential);
        }
    }

    [Fact]
    public async Task no_changed_byte_of_a_cms_signature_is_accepted()
    {
        for (var artefact = 0; artefact < Artefacts; artefact++)
        {
            var content = Encoding.UTF8.GetBytes($"Выписка № {artefact}");
            var cms = await CadesSignature.Sign(content, Samples.Portal.Documents, Samples.Authority);
            ShouldRefuse(cms, artefact, Enumerable.Range(0, cms.Length).Where(at => at % Artefacts == artefact), CheckedKind.Cms, content);
        }
    }

    [Fact]
    public async Task no_changed_byte_of_a_pdf_is_accepted()
    {
        for (var artefact = 0; artefact < Artefacts; artefact++)
        {
            var pdf = await Samples.Pdf(artefact % 2 == 0 ? Samples.Certificate() : Samples.Extract(artefact));
            // All over the file; about the ranges and the brackets, byte by byte; and in the digits, where no signature covers them.
            var range = pdf.AsSpan().IndexOf("/ByteRange ["u8);
            var open = range + pdf.AsSpan(range).IndexOf((byte)'<');
            var digits = 2 * PdfSignature.Read(pdf)!.Cms.Length;
            var close = open + pdf.AsSpan(open).IndexOf((byte)'>');
            var offsets = Enumerable.Range(0, 60).Select(step => (int)((long)pdf.Length * ((step * Artefacts) + artefact) / (60 * Artefacts)))
                .Concat(Enumerable.Range(range, 70)).Append(open).Append(close)
                .Concat(Enumerable.Range(0, digits).Where(at => at % Artefacts == artefact).Select(at => open + 1 + at))
                .Concat(Enumerable.Range(0, 10).Select(step => open + 1 + digits + ((close - open - 2 - digits) * step / 10)));
            ShouldRefuse(pdf, artefact, offsets, CheckedKind.Pdf);
        }
    }

    private static void ShouldRefuse(byte[] artefact, int number, IEnumerable<int> offsets, CheckedKind kind, byte[]? content = null)
    {
        var whole = Check.Offline(artefact, Trust, Samples.Now, content);
        whole.Ok.ShouldBeTrue($"{kind} {number} does not stand before anything was changed: {whole.Refusal?.Text}");
        whole.Kind.ShouldBe(kind);
        var tried = 0;
        foreach (var at in offsets)
        {
            var bit = Bits[(at + number) % Bits.Length];
            artefact[at] ^= bit;
            Check.Offline(artefact, Trust, Samples.Now, content).Ok.ShouldBeFalse($"{kind} {number}: byte {at} was changed by {bit:x2}, and it was accepted");
            artefact[at] ^= bit;
            tried++;
        }

        tried.ShouldBeGreaterThan(50);
    }
}
