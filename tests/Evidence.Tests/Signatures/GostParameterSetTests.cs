using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.CryptoPro;
using Org.BouncyCastle.Asn1.Rosstandart;
using Org.BouncyCastle.X509;
using Shouldly;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;
using VolunteerBook.Testing;

namespace VolunteerBook.Evidence.Tests.Signatures;

/// <summary>The parameter sets of ГОСТ Р 34.10-2012 with 256 bit as certificates name them (RFC 9215, 4.2), and those that are not taken.</summary>
[Trait("Feature", "N6")]
public sealed class GostParameterSetTests
{
    private const string Streebog256 = "1.2.643.7.1.1.2.2";
    private const string CryptoProDigest = "1.2.643.2.2.30.1";
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"minutes":240}""");
    private static readonly GostSigner Root = GostSigner.New("CN=Удостоверяющий центр", null, Samples.Now.AddDays(-1), Samples.Now.AddYears(1));

    // RFC 7836, appendix B; RFC 4357, 11.4; Р 1323565.1.024-2019: tc26 gave the curves of CryptoPro names of its own.
    private static readonly Dictionary<string, (string Oid, DerObjectIdentifier Curve)> Sets = new()
    {
        ["tc26 A"] = ("1.2.643.7.1.2.1.1.1", RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256_paramSetA),
        ["tc26 B"] = ("1.2.643.7.1.2.1.1.2", CryptoProObjectIdentifiers.GostR3410x2001CryptoProA),
        ["tc26 C"] = ("1.2.643.7.1.2.1.1.3", CryptoProObjectIdentifiers.GostR3410x2001CryptoProB),
        ["tc26 D"] = ("1.2.643.7.1.2.1.1.4", CryptoProObjectIdentifiers.GostR3410x2001CryptoProC),
        ["CryptoPro A"] = ("1.2.643.2.2.35.1", CryptoProObjectIdentifiers.GostR3410x2001CryptoProA),
        ["CryptoPro B"] = ("1.2.643.2.2.35.2", CryptoProObjectIdentifiers.GostR3410x2001CryptoProB),
        ["CryptoPro C"] = ("1.2.643.2.2.35.3", CryptoProObjectIdentifiers.GostR3410x2001CryptoProC),
        ["CryptoPro XchA"] = ("1.2.643.2.2.36.0", CryptoProObjectIdentifiers.GostR3410x2001CryptoProXchA),
        ["CryptoPro XchB"] = ("1.2.643.2.2.36.1", CryptoProObjectIdentifiers.GostR3410x2001CryptoProXchB),
    };

    public static TheoryData<string, string?> EverySetWithAndWithoutDigest =>
        [.. Sets.Keys.SelectMany(set => new[] { new TheoryDataRow<string, string?>(set, Streebog256), new TheoryDataRow<string, string?>(set, null) })];

    private static GostSigner Certify(GostSet set, int? usage = null) =>
        GostSigner.New("CN=АНО «Ёж»", Root, Samples.Now.AddDays(-1), Samples.Now.AddYears(1), usage, set);

    [Theory]
    [MemberData(nameof(EverySetWithAndWithoutDigest))]
    public void a_certificate_of_every_set_is_read_and_its_signatures_stand_or_fall(string set, string? digest)
    {
        var signer = Certify(new GostSet(Sets[set].Oid, Sets[set].Curve, digest));
        var certificate = GostCertificate.Read(signer.Base64).ShouldNotBeNull();
        (certificate.IsGost, certificate.MaySign).ShouldBe((true, true));
        var cms = signer.Sign(Statement);
        GostSignature.Verify(cms, Statement, certificate.X509).ShouldBeNull();
        GostSignature.Verify(cms, [.. Statement, 0x20], certificate.X509).ShouldBe(CmsFault.ContentDiffers);
        cms[^1] ^= 1;
        GostSignature.Verify(cms, Statement, certificate.X509).ShouldBe(CmsFault.SignatureInvalid);
        var other = Certify(new GostSet(Sets[set].Oid, Sets[set].Curve, digest));
        GostSignature.Verify((signer with { Keys = other.Keys }).Sign(Statement), Statement, certificate.X509).ShouldBe(CmsFault.SignatureInvalid);
    }

    // The same point under another set's name is on no curve of that name, or was made by no key of it.
    [Fact]
    public void a_key_under_the_name_of_another_curve_is_refused()
    {
        foreach (var (name, set) in Sets)
        {
            foreach (var (_, other) in Sets.Where(one => !one.Value.Curve.Equals(set.Curve) && !Same(one.Value.Curve, set.Curve)))
            {
                GostCertificate.Read(Certify(new GostSet(set.Oid, other.Curve)).Base64).ShouldBeNull(name);
            }
        }
    }

    // The set of tests (RFC 7836, appendix B) is for nothing else, and another digest than Стрибог is not what signatures here are over.
    [Theory]
    [InlineData("1.2.643.2.2.35.0", null)]
    [InlineData("1.2.643.7.1.2.1.2.1", null)]
    [InlineData("1.2.643.7.1.2.1.1.5", null)]
    [InlineData("1.2.643.7.1.2.1.1.1", CryptoProDigest)]
    [InlineData("1.2.643.7.1.2.1.1.1", "1.2.643.7.1.1.2.3")]
    public void a_certificate_of_another_set_or_digest_is_read_and_is_none_to_sign_with(string set, string? digest)
    {
        var signer = Certify(new GostSet(set, RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256_paramSetA, digest));
        GostCertificate.Read(signer.Base64).ShouldNotBeNull().IsGost.ShouldBeFalse();
        GostSignature.Verify(signer.Sign(Statement), Statement, signer.Certificate).ShouldNotBeNull();
    }

    // RFC 9215, appendix A.2: paramSetA of tc26, digestParamSet left out.
    [Fact]
    public void the_certificate_and_the_list_of_revocations_of_rfc_9215_stand()
    {
        var certificate = GostCertificate.Read(OfAppendixA2).ShouldNotBeNull();
        (certificate.IsGost, certificate.Subject, certificate.NotAfter)
            .ShouldBe((true, "CN=Example", new DateTimeOffset(2050, 12, 31, 0, 0, 0, TimeSpan.Zero)));
        // It is an authority's, without a key usage.
        certificate.MaySign.ShouldBeFalse();
        var key = certificate.X509.GetPublicKey();
        certificate.X509.IsSignatureValid(key).ShouldBeTrue();
        var list = new X509Crl(Convert.FromBase64String(ListOfAppendixA2));
        list.IsSignatureValid(key).ShouldBeTrue();
        foreach (var changed in new[] { OfAppendixA2, ListOfAppendixA2 }.Select(Convert.FromBase64String))
        {
            changed[^1] ^= 1;
            (changed.Length > 200 ? KnownCertificate.Read(changed)!.IsSignatureValid(key) : new X509Crl(changed).IsSignatureValid(key)).ShouldBeFalse();
        }
    }

    // RFC 9215, appendix A.1 and A.3: the set of tests, and a key of 512 bit.
    [Theory]
    [InlineData(OfAppendixA1)]
    [InlineData(OfAppendixA3)]
    public void the_certificates_of_rfc_9215_of_other_sets_are_read_and_are_none_to_sign_with(string certificate) =>
        GostCertificate.Read(certificate).ShouldNotBeNull().IsGost.ShouldBeFalse();

    private static bool Same(DerObjectIdentifier one, DerObjectIdentifier other) =>
        ECGost3410NamedCurves.GetByOid(one).Curve.Equals(ECGost3410NamedCurves.GetByOid(other).Curve);

    private const string OfAppendixA1 =
        "MIIBLTCB26ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUwIBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBaMBIxEDAOBgNVBAMTB0V4YW1wbGUwZjAf"
            + "BggqhQMHAQEBATATBgcqhQMCAiMABggqhQMHAQECAgNDAARAC9hv5djbiWaPeJtOHbqFhcVQi0XsW1nYkG3bcOJJK3/ad/+HGhD73ydm0pPF0WSvuzx7lzpByIXRHXDWibTxJqMTMBEwDwYD"
            + "VR0TAQH/BAUwAwEB/zAKBggqhQMHAQEDAgNBAE1T8BL+CBd2UH1Nm7gfAO/bTu/Uq4O6xLrPc1Fzz6gcQaoo0vGrFIKAzZ7Vb+2kGXQFNVSkJ2e4OtBD/TncBJM=";

    private const string OfAppendixA2 =
        "MIIBJTCB06ADAgECAgEKMAoGCCqFAwcBAQMCMBIxEDAOBgNVBAMTB0V4YW1wbGUwIBcNMDEwMTAxMDAwMDAwWhgPMjA1MDEyMzEwMDAwMDBaMBIxEDAOBgNVBAMTB0V4YW1wbGUwXjAX"
            + "BggqhQMHAQEBATALBgkqhQMHAQIBAQEDQwAEQHQnldS+6ITd8oUP7APqP68YROAdnaYLZFCTpV4m38OZePWWz01NDGzx0YlD2UST0WuewKFtUS0uEnzEaRpjGOKjEzARMA8GA1UdEwEB/wQF"
            + "MAMBAf8wCgYIKoUDBwEBAwIDQQAUC02pEksJyw1c6Sjuh0JzoxASlJLsDik2njt5EkhXjB0OHaW+NHxvG1JWx66sIArWSsd6b1s6DglzGOeubudp";

    private const string ListOfAppendixA2 =
        "MIGSMEECAQEwCgYIKoUDBwEBAwIwEjEQMA4GA1UEAxMHRXhhbXBsZRcNMTQwMTAxMDAwMDAwWhcNMTQwMTAyMDAwMDAwWjAKBggqhQMHAQEDAgNBABS9aAh8O5A8eqKLB/6y571v4JY/"
            + "VjJnNZ9c2Oq0UFmtHQ4dpb40fG8bUlbHrqwgCtZKx3pvWzoOCXMY565u52k=";

    private const string OfAppendixA3 =
        "MIIBqjCCARagAwIBAgIBCzAKBggqhQMHAQEDAzASMRAwDgYDVQQDEwdFeGFtcGxlMCAXDTAxMDEwMTAwMDAwMFoYDzIwNTAxMjMxMDAwMDAwWjASMRAwDgYDVQQDEwdFeGFtcGxlMIGg"
            + "MBcGCCqFAwcBAQECMAsGCSqFAwcBAgECAAOBhAAEgYDh7zDVLGEz3dmdHVxBRVz3302LTJJbvGmvFDPRVlhRWt0hRoUMMlxbgcEzvmVaqMTUQOe5io1ZSHsMdpa8xV0R7L53NqnsNX/y/TmT"
            + "H04RTLjNo1knCsfw5/9D2UGUGeph/Sq3f12fY1I9O1CgT2PioM9Rt8E63CFWDwvUDMnHN6MTMBEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhQMHAQEDAwOBgQBBVwPYkvGl8/aMQ1MYmn7iB7gL"
            + "VjHvnUlSmk1rVCws+hWqLqzxH0cP3n2VSFaQPDX9j5Ve8wDZXHdTSnJKDu5wL4b6YKCBCRoj3XleHjxonuUSo8gu4NzCZDx47qj8rNNUklWEhrIPHJ7Bl8kGmYUCYMk7y82cXDMX4ZNE4XOu"
            + "Ng==";
}
