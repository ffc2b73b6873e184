using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Shouldly;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Tests.Documents;

namespace VolunteerBook.Evidence.Tests.Signatures;

/// <summary>RFC 5652, ETSI EN 319 122-1 and RFC 3161: what we make others verify, and what others make we hold to one form.</summary>
[Trait("Feature", "N3")]
public sealed class CmsSignatureTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("Выписка");

    [Fact]
    public async Task openssl_verifies_the_signature_and_its_time_stamp()
    {
        using var folder = new Folder();
        var cms = await CadesSignature.Sign(Content, Samples.Portal.Documents, Samples.Authority);
        folder.Write("root.pem", Samples.Portal.Root.ExportCertificatePem());
        folder.Write("content", Content);
        folder.Write("other", [.. Content, 1]);
        folder.Write("signature.p7s", cms);
        var read = CmsSignature.Read(cms)!;
        folder.Write("token", read.TimeStampToken!);
        folder.Write("value", read.Value);

        string[] verify = ["cms", "-verify", "-inform", "DER", "-in", "signature.p7s", "-binary", "-CAfile", "root.pem", "-out", "copy", "-content"];
        (await Tool.Run("openssl", folder.Path, [.. verify, "content"])).ShouldContain("CMS Verification successful");
        (await Tool.Try("openssl", folder.Path, [.. verify, "other"])).Code.ShouldNotBe(0);

        string[] stamp = ["ts", "-verify", "-in", "token", "-token_in", "-CAfile", "root.pem", "-data"];
        (await Tool.Run("openssl", folder.Path, [.. stamp, "value"])).ShouldContain("Verification: OK");
        (await Tool.Try("openssl", folder.Path, [.. stamp, "content"])).Code.ShouldNotBe(0);
    }

    [Fact]
    public async Task it_has_the_attributes_of_cades_and_no_signing_time()
    {
        var cms = new SignedCms(new ContentInfo(Content), detached: true);
        cms.Decode(await CadesSignature.Sign(Content, Samples.Portal.Documents));
        cms.SignerInfos[0].SignedAttributes.Cast<CryptographicAttributeObject>().Select(attribute => attribute.Oid.Value).ShouldBe(
            ["1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.16.2.47"], ignoreOrder: true);
        cms.SignerInfos[0].UnsignedAttributes.Count.ShouldBe(0);
        cms.Certificates.Count.ShouldBe(1);
    }

    [Fact]
    public async Task a_signature_over_something_else_is_refused()
    {
        var read = CmsSignature.Read(await CadesSignature.Sign(Content, Samples.Portal.Documents))!;
        read.Verify(Content).ShouldBeNull();
        read.Verify([.. Content, 0]).ShouldBe(CmsFault.ContentDiffers);
    }

    // Without the signed attribute of RFC 5035 another certificate on the same key could take the signer's place.
    [Fact]
    public void a_signature_that_does_not_name_its_certificate_is_refused()
    {
        var cms = new SignedCms(new ContentInfo(Content), detached: true);
        cms.ComputeSignature(new CmsSigner(Samples.Portal.Documents.Certificate)
        {
            SignedAttributes = { new Pkcs9SigningTime(Samples.Now.UtcDateTime) },
            IncludeOption = X509IncludeOption.EndCertOnly,
        });
        CmsSignature.Read(cms.Encode())!.Verify(Content).ShouldBe(CmsFault.SignersCertificate);
    }

    [Fact]
    public void a_weak_digest_is_refused()
    {
        var cms = new SignedCms(new ContentInfo(Content), detached: true);
        cms.ComputeSignature(new CmsSigner(Samples.Portal.Documents.Certificate)
        {
            DigestAlgorithm = new Oid("1.3.14.3.2.26"),
            SignedAttributes = { new Pkcs9SigningTime(Samples.Now.UtcDateTime) },
            IncludeOption = X509IncludeOption.EndCertOnly,
        });
        CmsSignature.Read(cms.Encode())!.Verify(Content).ShouldBe(CmsFault.AlgorithmNotAllowed);
    }

    [Fact]
    public async Task two_signers_or_an_attribute_of_no_meaning_have_another_form()
    {
        var cms = new SignedCms(new ContentInfo(Content), detached: true);
        cms.Decode(await CadesSignature.Sign(Content, Samples.Portal.Documents));
        cms.SignerInfos[0].AddUnsignedAttribute(new AsnEncodedData(new Oid("1.2.3.4"), [0x05, 0x00]));
        CmsSignature.Read(cms.Encode()).ShouldBeNull();

        cms.Decode(await CadesSignature.Sign(Content, Samples.Portal.Documents));
        cms.ComputeSignature(new CmsSigner(Samples.Portal.Credentials.Certificate) { IncludeOption = X509IncludeOption.EndCertOnly });
        CmsSignature.Read(cms.Encode()).ShouldBeNull();
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0x30, 0x80 })]
    [InlineData(new byte[] { 0x30, 0x00 })]
    public void nonsense_is_none(byte[] bytes) => CmsSignature.Read(bytes).ShouldBeNull();

    [Fact]
    public async Task certificates_lead_to_the_trusted_root_only_while_they_are_valid_and_none_lies_beside()
    {
        var read = CmsSignature.Read(await CadesSignature.Sign(Content, Samples.Portal.Documents))!;
        CertificatePath.Find(read.Signer!, read.Certificates, Samples.Roots, Samples.Now).ShouldNotBeNull().Count.ShouldBe(2);
        CertificatePath.Find(read.Signer!, read.Certificates, Samples.Roots, Samples.Now.AddYears(4)).ShouldBeNull();
        CertificatePath.Find(read.Signer!, read.Certificates, Samples.Roots, Samples.Now.AddDays(-1)).ShouldBeNull();

        var other = new Org.BouncyCastle.X509.X509Certificate(PortalCertificates.Issue("АНО «Книжка волонтёра»", Samples.Now).Root.RawData);
        CertificatePath.Find(read.Signer!, read.Certificates, [other], Samples.Now).ShouldBeNull();
        CertificatePath.Find(read.Signer!, [.. read.Certificates, other], Samples.Roots, Samples.Now).ShouldBeNull();
    }

    [Fact]
    public void only_the_keys_for_documents_may_sign_them()
    {
        static bool MaySign(CertifiedKey key) => CertificatePath.MaySign(new(key.Certificate.RawData));
        MaySign(Samples.Portal.Documents).ShouldBeTrue();
        MaySign(Samples.Portal.Credentials).ShouldBeTrue();
        MaySign(Samples.Portal.TimeStamps).ShouldBeFalse();
        CertificatePath.MaySign(Samples.Roots[0]).ShouldBeFalse();
    }

    [Fact]
    public async Task keys_load_from_pem_and_from_pkcs12_with_their_intermediates()
    {
        var portal = Samples.Portal;
        var pem = CertifiedKey.FromPem(portal.Documents.CertificatesPem() + portal.Root.ExportCertificatePem(), portal.Documents.KeyPem());
        pem.Issuers.ShouldBeEmpty();
        var all = new X509Certificate2Collection { portal.Documents.Certificate, portal.Root };
        var pkcs12 = CertifiedKey.FromPkcs12(all.Export(X509ContentType.Pkcs12, "тайна")!, "тайна");
        foreach (var loaded in new[] { pem, pkcs12 })
        {
            loaded.Certificate.Thumbprint.ShouldBe(portal.Documents.Certificate.Thumbprint);
            CmsSignature.Read(await CadesSignature.Sign(Content, loaded))!.Verify(Content).ShouldBeNull();
        }

        Should.Throw<CryptographicException>(() => CertifiedKey.FromPem("", portal.Documents.KeyPem()));
    }

    // Another maker's key: RSA, under an intermediate.
    [Fact]
    public async Task an_rsa_key_under_an_intermediate_signs_too()
    {
        using var rootKey = RSA.Create(3072);
        var rootRequest = new CertificateRequest("CN=Another Root", rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = rootRequest.CreateSelfSigned(Samples.Now.AddDays(-1), Samples.Now.AddYears(1));
        using var middleKey = RSA.Create(3072);
        var middleRequest = new CertificateRequest("CN=Another Intermediate", middleKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        middleRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        using var middle = middleRequest.Create(root, Samples.Now.AddDays(-1), Samples.Now.AddYears(1), [1, 2, 3]).CopyWithPrivateKey(middleKey);
        using var key = RSA.Create(3072);
        var request = new CertificateRequest("CN=Another Signer", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.NonRepudiation, true));
        using var signer = request.Create(middle, Samples.Now.AddDays(-1), Samples.Now.AddYears(1), [4, 5, 6]).CopyWithPrivateKey(key);

        var read = CmsSignature.Read(await CadesSignature.Sign(Content, new CertifiedKey(signer, [middle]), Samples.Authority))!;
        read.Verify(Content).ShouldBeNull();
        CertificatePath.Find(read.Signer!, read.Certificates, [new(root.RawData)], Samples.Now)!.Count.ShouldBe(3);
        CertificatePath.Find(read.Signer!, [read.Signer!], [new(root.RawData)], Samples.Now).ShouldBeNull();
    }
}
