using System.Text;
using Org.BouncyCastle.Asn1.CryptoPro;
using Org.BouncyCastle.Asn1.Rosstandart;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Cms;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Utilities.Collections;
using Org.BouncyCastle.X509;
using Shouldly;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;
using Xunit;

namespace VolunteerBook.Evidence.Tests.Signatures;

/// <summary>ГОСТ Р 34.10-2012 in CMS.</summary>
[Trait("Feature", "N6")]
public sealed class GostSignatureTests
{
    private const string Algorithm = "GOST3411-2012-256WITHECGOST3410-2012-256";
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"minutes":240}""");
    private static readonly (AsymmetricCipherKeyPair Keys, X509Certificate Certificate) Root = Certify("CN=Удостоверяющий центр", null, 1);
    private static readonly (AsymmetricCipherKeyPair Keys, X509Certificate Certificate) Signer = Certify("CN=АНО «Ёж»", Root, 2);

    [Fact]
    public void a_signature_over_the_statement_by_the_signer_stands() => GostSignature.Verify(Sign(Signer, Statement), Statement, Signer.Certificate).ShouldBeNull();

    // Made by OpenSSL 3.0 with the GOST engine 3.0.1: openssl cms -sign -binary -md md_gost12_256, over the same statement.
    [Fact]
    public void a_signature_of_another_maker_stands()
    {
        var signer = new X509Certificate(Convert.FromBase64String(OpenSslCertificate));
        GostSignature.Verify(Convert.FromBase64String(OpenSslCms), Statement, signer).ShouldBeNull();
        GostSignature.Verify(Convert.FromBase64String(OpenSslCms), [.. Statement, 0x20], signer).ShouldBe(CmsFault.ContentDiffers);
    }

    [Fact]
    public void another_statement_or_another_signer_is_refused()
    {
        var other = Certify("CN=АНО «Ёж»", Root, 3);
        GostSignature.Verify(Sign(Signer, Statement), [.. Statement, 0x20], Signer.Certificate).ShouldBe(CmsFault.ContentDiffers);
        GostSignature.Verify(Sign(Signer, Statement), Statement, other.Certificate).ShouldBe(CmsFault.SignersCertificate);
        GostSignature.Verify(Sign((other.Keys, Signer.Certificate), Statement), Statement, Signer.Certificate).ShouldBe(CmsFault.SignatureInvalid);
        GostSignature.Verify(Sign(Root, Statement), Statement, Root.Certificate).ShouldBe(CmsFault.SignersCertificate);
    }

    [Fact]
    public async Task a_signature_of_another_algorithm_is_refused() =>
        GostSignature.Verify(await CadesSignature.Sign(Statement, Samples.Portal.Documents), Statement, new X509Certificate(Samples.Portal.Documents.Certificate.RawData))
            .ShouldBe(CmsFault.AlgorithmNotAllowed);

    [Fact]
    public void every_changed_byte_is_refused()
    {
        var cms = Sign(Signer, Statement);
        var check = Check.Offline(cms, new CheckTrust([Root.Certificate]), Samples.Now, Statement);
        check.Ok.ShouldBeTrue(check.Refusal?.Text);
        for (var at = 0; at < cms.Length; at += 3)
        {
            var changed = (byte[])cms.Clone();
            changed[at] ^= 0x01;
            GostSignature.Verify(changed, Statement, Signer.Certificate).ShouldNotBeNull($"byte {at} was changed and the signature still stood");
        }
    }

    private const string OpenSslCertificate = "MIIBhjCCATGgAwIBAgIUEk31RT/28v8IokRhEZngjzrhoM4wDAYIKoUDBwEBAwIFADASMRAwDgYDVQQDDAdHT1NUIENBMB4XDTI2MTEyMzAyMDYzNloXDTI3MDkxOTAyMDYzNlowFjEUMBIGA1UEAw"
        + "wLR09TVCBTaWduZXIwZjAfBggqhQMHAQEBATATBgcqhQMCAiMBBggqhQMHAQECAgNDAARAQ1jjQXU9KlCpP8vQDRnDll461PqdNhCmakbHn1n6wRZ1OLz3BZntI8Xe6aaW9LQmhtAJ0NG5ixAkqQTy"
        + "/HDxG6NSMFAwDgYDVR0PAQH/BAQDAgbAMB0GA1UdDgQWBBTszzrlc7Cbf/3nNfyEcVF9J9T9KTAfBgNVHSMEGDAWgBRARLVw4mm50D2VlTWcikrZIfsoyjAMBggqhQMHAQEDAgUAA0EAE6pD7lr4cH"
        + "jALEPty80v9dWCPimPAy68DA61oQvaVekZl18pdns7U9QQdKRVMc2d+tRdygGxn2fdWCB2f1UjrA==";

    private const string OpenSslCms = "MIICvwYJKoZIhvcNAQcCoIICsDCCAqwCAQExDjAMBggqhQMHAQECAgUAMAsGCSqGSIb3DQEHAaCCAYowggGGMIIBMaADAgECAhQSTfVFP/by/wiiRGERmeCPOuGgzjAMBggqhQMHAQEDAgUAMBIxED"
        + "AOBgNVBAMMB0dPU1QgQ0EwHhcNMjYxMTIzMDIwNjM2WhcNMjcwOTE5MDIwNjM2WjAWMRQwEgYDVQQDDAtHT1NUIFNpZ25lcjBmMB8GCCqFAwcBAQEBMBMGByqFAwICIwEGCCqFAwcBAQICA0MABEBD"
        + "WONBdT0qUKk/y9ANGcOWXjrU+p02EKZqRsefWfrBFnU4vPcFme0jxd7pppb0tCaG0AnQ0bmLECSpBPL8cPEbo1IwUDAOBgNVHQ8BAf8EBAMCBsAwHQYDVR0OBBYEFOzPOuVzsJt//ec1/IRxUX0n1P"
        + "0pMB8GA1UdIwQYMBaAFEBEtXDiabnQPZWVNZyKStkh+yjKMAwGCCqFAwcBAQMCBQADQQATqkPuWvhweMAsQ+3LzS/11YI+KY8DLrwMDrWhC9pV6RmXXyl2eztT1BB0pFUxzZ361F3KAbGfZ91YIHZ/"
        + "VSOsMYH7MIH4AgEBMCowEjEQMA4GA1UEAwwHR09TVCBDQQIUEk31RT/28v8IokRhEZngjzrhoM4wDAYIKoUDBwEBAgIFAKBpMBgGCSqGSIb3DQEJAzELBgkqhkiG9w0BBwEwHAYJKoZIhvcNAQkFMQ"
        + "8XDTI2MTEyMzAyMDYzNlowLwYJKoZIhvcNAQkEMSIEIC18MuENgT0LV52WpuKUSb6awROnTKrQuSL4lZ1izPGRMAwGCCqFAwcBAQEBBQAEQDzOE+5IvE4Nbb3MG/keUUIHqUfZ5a3R5aOH6XglbZzk"
        + "sxEhAbjzvHh36MIBL/sGXON6IC33UjKXLK8Ab8MOnF8=";

    private static byte[] Sign((AsymmetricCipherKeyPair Keys, X509Certificate Certificate) signer, byte[] statement)
    {
        var generator = new CmsSignedDataGenerator();
        generator.AddSignerInfoGenerator(new SignerInfoGeneratorBuilder().Build(new Asn1SignatureFactory(Algorithm, signer.Keys.Private), signer.Certificate));
        generator.AddCertificates(CollectionUtilities.CreateStore([signer.Certificate]));
        return generator.Generate(new CmsProcessableByteArray(statement), encapsulate: false).GetEncoded("DER");
    }

    private static (AsymmetricCipherKeyPair Keys, X509Certificate Certificate) Certify(string subject, (AsymmetricCipherKeyPair Keys, X509Certificate Certificate)? issuer, int serial)
    {
        var random = new SecureRandom();
        var generator = GeneratorUtilities.GetKeyPairGenerator("ECGOST3410");
        generator.Init(new ECKeyGenerationParameters(
            new ECGost3410Parameters(new ECNamedDomainParameters(RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256_paramSetA, ECGost3410NamedCurves.GetByOid(RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256_paramSetA)),
                RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256_paramSetA, RosstandartObjectIdentifiers.id_tc26_gost_3411_12_256, null), random));
        var keys = generator.GenerateKeyPair();
        var certificate = new X509V3CertificateGenerator();
        certificate.SetSerialNumber(BigInteger.ValueOf(serial));
        certificate.SetSubjectDN(new X509Name(subject));
        certificate.SetIssuerDN(issuer?.Certificate.SubjectDN ?? new X509Name(subject));
        certificate.SetNotBefore(Samples.Now.UtcDateTime.AddDays(-1));
        certificate.SetNotAfter(Samples.Now.UtcDateTime.AddYears(1));
        certificate.SetPublicKey(keys.Public);
        certificate.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(issuer is null));
        certificate.AddExtension(X509Extensions.KeyUsage, true, new KeyUsage(issuer is null ? KeyUsage.KeyCertSign : KeyUsage.DigitalSignature | KeyUsage.NonRepudiation));
        return (keys, certificate.Generate(new Asn1SignatureFactory(Algorithm, issuer?.Keys.Private ?? keys.Private)));
    }
}
