using System.Buffers.Text;
using System.Diagnostics.Metrics;
using System.Formats.Asn1;
using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Credentials;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;
using static VolunteerBook.Evidence.Tests.Checks.HostileDocuments;

namespace VolunteerBook.Evidence.Tests.Checks;

/// <summary>
/// What a stranger hands in costs little before anybody vouches for it. The work is counted, not timed: signatures verified, bytes parsed, bytes unpacked.
/// `bench check` measures the time and the memory.
/// </summary>
[Trait("Feature", "N3")]
public sealed class HostileInputTests
{
    private static readonly CheckTrust Trust = new(Samples.Roots);

    [Fact]
    public void no_signature_is_verified_under_a_key_that_came_along()
    {
        // Nobody vouches for these keys, and what a verification under one costs is their maker's choice. Here the maker said
        // 16384 bits, and needed no such key to say so.
        var huge = Certificate(RsaKey(16384), "CN=Huge", "CN=Huge");
        var chain = Enumerable.Range(0, 7).Select(number => Certificate(RsaKey(16384), $"CN={number}", $"CN={number + 1}")).Append(huge);
        Cost(Presented([huge])).ShouldBe((0, true, 0));
        Cost(Presented(chain)).ShouldBe((0, true, 0));
        // Each names the trusted root as its issuer, and the root's key, which is small, says no to each.
        var pretending = Enumerable.Range(0, 8).Select(number => Certificate(RsaKey(16384), $"CN={number}", Samples.Portal.Root.SubjectName));
        Cost(Presented(pretending)).ShouldBe((8, true, 0));
    }

    [Fact]
    public void hundreds_of_certificates_are_not_even_read()
    {
        var hundreds = Presented(Enumerable.Range(0, 300).Select(number => Certificate(RsaKey(2048), $"CN={number}", Samples.Portal.Root.SubjectName)));
        using var spent = new Spent();
        Check.Offline(hundreds, Trust, Samples.Now).Ok.ShouldBeFalse();
        spent.Verified.ShouldBe(0);
        // The JSON that holds them in base64, which the JWS holds in base64 again.
        spent.Parsed.ShouldBeLessThan(hundreds.Length);
    }

    [Theory]
    [InlineData("1.2.643.2.2.35.0")]
    [InlineData("1.2.643.7.1.2.1.2.1")]
    [InlineData("1.2.840.10045.3.1.7")]
    public void an_odd_curve_is_no_key_of_gost(string curve) =>
        GostCertificate.Read(Convert.ToBase64String(Certificate(GostKey(curve), "CN=A", "CN=A")))!.IsGost.ShouldBeFalse();

    // Also where a trusted root vouches for the certificate: a modulus that is a product of two others stands for any long one.
    [Fact]
    public void an_rsa_key_is_of_2048_to_4096_bits_and_has_a_short_exponent()
    {
        using var small = RSA.Create(1024);
        using var right = RSA.Create(2048);
        KeyOf(right.ExportSubjectPublicKeyInfo()).ShouldNotBeNull();
        Should.Throw<FormatException>(() => KeyOf(small.ExportSubjectPublicKeyInfo()));
        var modulus = new BigInteger(right.ExportParameters(false).Modulus!, isUnsigned: true, isBigEndian: true);
        Should.Throw<FormatException>(() => KeyOf(RsaKey(BigInteger.Pow(modulus, 3), 65537)));
        Should.Throw<FormatException>(() => KeyOf(RsaKey(modulus, (BigInteger.One << 1000) + 1)));

        static object KeyOf(byte[] key) => KnownCertificate.Read(Certificate(key, "CN=A", "CN=A"))!.GetPublicKey();
    }

    [Fact]
    public void a_curve_of_ones_own_making_is_no_key()
    {
        // Parameters written out, with a modulus of 100,000 bits.
        var der = Certificate(Key("1.2.840.10045.2.1", writer =>
        {
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("1.2.840.10045.1.1");
                    writer.WriteInteger(Ones(12_500));
                }
            }
        }, [4, .. new byte[64]]), "CN=A", Samples.Portal.Root.SubjectName);
        Cost(Presented([der])).ShouldBe((1, true, 0));
        KnownCertificate.Read(der).ShouldNotBeNull();
        Should.Throw<FormatException>(() => KnownCertificate.Read(der)!.GetPublicKey());
    }

    // A parser that follows these goes as deep as they are, and the stack ends before: that would be the end of the process.
    [Theory]
    [InlineData(20_000, 0x30)]
    [InlineData(20_000, 0x31)]
    [InlineData(20_000, 0xA0)]
    [InlineData(40, 0x30)]
    public void deep_der_is_refused_unread(int depth, byte tag)
    {
        byte[] der = [5, 0];
        var heads = new List<byte[]>();
        for (var level = 0; level < depth && der.Length + heads.Sum(head => head.Length) < 60_000; level++)
        {
            var length = 2 + heads.Sum(head => head.Length);
            heads.Add([tag, 0x82, (byte)(length >> 8), (byte)length]);
            if (length < 0x80)
            {
                heads[^1] = [tag, (byte)length];
            }
            else if (length < 0x100)
            {
                heads[^1] = [tag, 0x81, (byte)length];
            }
        }

        heads.Reverse();
        der = [.. heads.SelectMany(head => head), .. der];
        CmsSignature.Read(der).ShouldBeNull();
        KnownCertificate.Read(der).ShouldBeNull();
        // Within an extension it is a leaf of the certificate, and read all the same.
        KnownCertificate.Read(Certificate(RsaKey(2048), "CN=A", "CN=A", der)).ShouldBeNull();
        Cost(der).Bytes.ShouldBeTrue();
    }

    [Fact]
    public async Task a_signature_with_a_great_set_of_attributes_is_refused_unread()
    {
        var cms = await CadesSignature.Sign([1], Samples.Portal.Documents, ct: TestContext.Current.CancellationToken);
        CmsSignature.Read(cms).ShouldNotBeNull();
        var many = new AsnWriter(AsnEncodingRules.DER);
        using (many.PushSequence())
        using (many.PushSetOf())
        {
            for (var number = 0; number < 9000; number++)
            {
                many.WriteInteger(number);
            }
        }

        CmsSignature.Read(many.Encode()).ShouldBeNull();
        CmsSignature.Read([0x30, 0x83, 0x01, 0x00, 0x00, .. new byte[65536]]).ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Pdfs))]
    public async Task a_pdf_that_nobody_trusted_signed_is_not_parsed(string kind)
    {
        var pdf = PdfOf(kind, 300_000);
        var (verified, bounded, unpacked) = Cost(pdf);
        (verified, bounded, unpacked).ShouldBe((0, true, 0), kind);
        // With a genuine signature of another document inside: two certificates, the signature and its time-stamp, and no byte of the file.
        var genuine = await Samples.Pdf(Samples.Certificate());
        var range = genuine.AsSpan().IndexOf("/ByteRange ["u8);
        genuine[range - 40] ^= 1;
        Cost([.. genuine]).Verified.ShouldBeLessThanOrEqualTo(4);
    }

    public static TheoryData<string> Pdfs => ["bomb", "loop", "xref", "digits"];

    [Fact]
    public void deep_and_wide_json_is_bounded()
    {
        Cost(Jws("{\"@context\":" + new string('[', 100_000) + new string(']', 100_000) + "}")).ShouldBe((0, true, 0));
        Cost(Jws("{\"@context\":[" + string.Join(',', Enumerable.Repeat("{}", 200_000)) + "]}")).ShouldBe((0, true, 0));
        StrictJson.Read(Wide(StrictJson.MostTokens)).ShouldNotBeNull();
        StrictJson.Read(Wide(StrictJson.MostTokens + 1)).ShouldBeNull();
        Check.Offline(Encoding.ASCII.GetBytes("eyJ" + new string('A', Check.MostTextBytes)), Trust, Samples.Now).Kind.ShouldBe(CheckedKind.Unknown);
    }

    [Fact]
    public void a_status_list_that_unpacks_to_more_than_it_may_is_left_where_it_passes_that()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            for (var part = 0; part < 64; part++)
            {
                gzip.Write(new byte[1024 * 1024]);
            }
        }

        using var spent = new Spent();
        StatusList.Decode("u" + Base64Url.EncodeToString(packed.ToArray())).ShouldBeNull();
        spent.Unpacked.ShouldBeLessThanOrEqualTo(1024 * 1024 + (64 * 1024));
    }

    // An object of one array: five of its tokens are not the items.
    private static byte[] Wide(int tokens) => Encoding.ASCII.GetBytes("{\"a\":[" + string.Join(',', Enumerable.Repeat("1", tokens - 5)) + "]}");

    private static byte[] Presented(IEnumerable<byte[]> certificates) => Credential(CompactJws.Read(CheckTests.Credential())!.Payload, certificates);

    private static (long Verified, bool Bytes, long Unpacked) Cost(byte[] file)
    {
        using var spent = new Spent();
        Check.Offline(file, Trust, Samples.Now).Ok.ShouldBeFalse();
        return (spent.Verified, spent.Parsed <= 2 * Check.MostTextBytes, spent.Unpacked);
    }

    // What this thread of tests spends; others run beside it.
    private sealed class Spent : IDisposable
    {
        private static readonly AsyncLocal<Spent?> Current = new();
        private readonly MeterListener _listener = new();

        public Spent()
        {
            Current.Value = this;
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == CheckCost.Meter)
                {
                    listener.EnableMeasurementEvents(instrument, this);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, owner) =>
            {
                if (owner == Current.Value)
                {
                    Verified += instrument.Name == CheckCost.Verifications ? value : 0;
                    Parsed += instrument.Name == CheckCost.BytesParsed ? value : 0;
                    Unpacked += instrument.Name == CheckCost.BytesUnpacked ? value : 0;
                }
            });
            _listener.Start();
        }

        public long Verified { get; private set; }

        public long Parsed { get; private set; }

        public long Unpacked { get; private set; }

        public void Dispose()
        {
            Current.Value = null;
            _listener.Dispose();
        }
    }
}
