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
