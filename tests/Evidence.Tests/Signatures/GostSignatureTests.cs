using System.Text;
using Org.BouncyCastle.X509;
using Shouldly;
using VolunteerBook.Documents.Checks;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;
using VolunteerBook.Testing;

namespace VolunteerBook.Evidence.Tests.Signatures;

/// <summary>ГОСТ Р 34.10-2012 in CMS.</summary>
[Trait("Feature", "N6")]
public sealed class GostSignatureTests
{
    private static readonly byte[] Statement = Encoding.UTF8.GetBytes("""{"minutes":240}""");
    private static readonly GostSigner Root = Certify("CN=Удостоверяющий центр", null);
    private static readonly GostSigner Signer = Certify("CN=АНО «Ёж»", Root);

    private static GostSigner Certify(string subject, GostSigner? issuer) => GostSigner.New(subject, issuer, Samples.Now.AddDays(-1), Samples.Now.AddYears(1));

    [Fact]
    public void a_signature_over_the_statement_by_the_signer_stands() =>
        GostSignature.Verify(Signer.Sign(Statement), Statement, Signer.Certificate).ShouldBeNull();

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
        var other = Certify("CN=АНО «Ёж»", Root);
        GostSignature.Verify(Signer.Sign(Statement), [.. Statement, 0x20], Signer.Certificate).ShouldBe(CmsFault.ContentDiffers);
        GostSignature.Verify(Signer.Sign(Statement), Statement, other.Certificate).ShouldBe(CmsFault.SignersCertificate);
        GostSignature.Verify((Signer with { Keys = other.Keys }).Sign(Statement), Statement, Signer.Certificate).ShouldBe(CmsFault.SignatureInvalid);
        GostSignature.Verify(Root.Sign(Statement), Statement, Root.Certificate).ShouldBe(CmsFault.SignersCertificate);
    }

    [Fact]
    public async Task a_signature_of_another_algorithm_is_refused() =>
        GostSignature.Verify(
            await CadesSignature.Sign(Statement, Samples.Portal.Documents), Statement, new X509Certificate(Samples.Portal.Documents.Certificate.RawData))
            .ShouldBe(CmsFault.AlgorithmNotAllowed);

    [Fact]
    public void every_changed_byte_is_refused()
    {
        var cms = Signer.Sign(Statement);
        var check = Check.Offline(cms, new CheckTrust([Root.Certificate]), Samples.Now, Statement);
        check.Ok.ShouldBeTrue(check.Refusal?.Text);
        for (var at = 0; at < cms.Length; at += 3)
        {
            var changed = (byte[])cms.Clone();
            changed[at] ^= 0x01;
            GostSignature.Verify(changed, Statement, Signer.Certificate).ShouldNotBeNull($"byte {at} was changed and the signature still stood");
        }
    }

    private const string OpenSslCertificate =
        "MIIBhjCCATGgAwIBAgIUEk31RT/28v8IokRhEZngjzrhoM4wDAYIKoUDBwEBAwIFADASMRAwDgYDVQQDDAdHT1NUIENBMB4XDTI2MTEyMzAyMDYzNloXDTI3MDkxOTAyMDYzNlowFjEUMBIGA1UEAw"
            + "wLR09TVCBTaWduZXIwZjAfBggqhQMHAQEBATATBgcqhQMCAiMBBggqhQMHAQECAgNDAARAQ1jjQXU9KlCpP8vQDRnDll461PqdNhCmakbHn1n6wRZ1OLz3BZntI8Xe6aaW9LQmhtAJ0NG5ixAkqQTy"
            + "/HDxG6NSMFAwDgYDVR0PAQH/BAQDAgbAMB0GA1UdDgQWBBTszzrlc7Cbf/3nNfyEcVF9J9T9KTAfBgNVHSMEGDAWgBRARLVw4mm50D2VlTWcikrZIfsoyjAMBggqhQMHAQEDAgUAA0EAE6pD7lr4cH"
            + "jALEPty80v9dWCPimPAy68DA61oQvaVekZl18pdns7U9QQdKRVMc2d+tRdygGxn2fdWCB2f1UjrA==";

    private const string OpenSslCms =
        "MIICvwYJKoZIhvcNAQcCoIICsDCCAqwCAQExDjAMBggqhQMHAQECAgUAMAsGCSqGSIb3DQEHAaCCAYowggGGMIIBMaADAgECAhQSTfVFP/by/wiiRGERmeCPOuGgzjAMBggqhQMHAQEDAgUAMBIxED"
            + "AOBgNVBAMMB0dPU1QgQ0EwHhcNMjYxMTIzMDIwNjM2WhcNMjcwOTE5MDIwNjM2WjAWMRQwEgYDVQQDDAtHT1NUIFNpZ25lcjBmMB8GCCqFAwcBAQEBMBMGByqFAwICIwEGCCqFAwcBAQICA0MABEBD"
            + "WONBdT0qUKk/y9ANGcOWXjrU+p02EKZqRsefWfrBFnU4vPcFme0jxd7pppb0tCaG0AnQ0bmLECSpBPL8cPEbo1IwUDAOBgNVHQ8BAf8EBAMCBsAwHQYDVR0OBBYEFOzPOuVzsJt//ec1/IRxUX0n1P"
            + "0pMB8GA1UdIwQYMBaAFEBEtXDiabnQPZWVNZyKStkh+yjKMAwGCCqFAwcBAQMCBQADQQATqkPuWvhweMAsQ+3LzS/11YI+KY8DLrwMDrWhC9pV6RmXXyl2eztT1BB0pFUxzZ361F3KAbGfZ91YIHZ/"
            + "VSOsMYH7MIH4AgEBMCowEjEQMA4GA1UEAwwHR09TVCBDQQIUEk31RT/28v8IokRhEZngjzrhoM4wDAYIKoUDBwEBAgIFAKBpMBgGCSqGSIb3DQEJAzELBgkqhkiG9w0BBwEwHAYJKoZIhvcNAQkFMQ"
            + "8XDTI2MTEyMzAyMDYzNlowLwYJKoZIhvcNAQkEMSIEIC18MuENgT0LV52WpuKUSb6awROnTKrQuSL4lZ1izPGRMAwGCCqFAwcBAQEBBQAEQDzOE+5IvE4Nbb3MG/keUUIHqUfZ5a3R5aOH6XglbZzk"
            + "sxEhAbjzvHh36MIBL/sGXON6IC33UjKXLK8Ab8MOnF8=";
}
