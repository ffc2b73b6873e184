using Org.BouncyCastle.Asn1;
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

namespace VolunteerBook.Testing;

/// <summary>Signs under ГОСТ Р 34.10-2012 (256 bit) as the tool of an organisation does.</summary>
public sealed record GostSigner(AsymmetricCipherKeyPair Keys, X509Certificate Certificate)
{
    private const string Algorithm = "GOST3411-2012-256WITHECGOST3410-2012-256";

    private static int serial;

    /// <summary>The certificate, DER in base64.</summary>
    public string Base64 => Convert.ToBase64String(Certificate.GetEncoded());

    /// <summary>One with a new key.</summary>
    /// <param name="subject">Whom the certificate names.</param>
    /// <param name="issuer">Who certifies; null for a root.</param>
    /// <param name="from">When the certificate begins.</param>
    /// <param name="until">When it ends.</param>
    /// <param name="usage">What it may be used for, in place of signing documents.</param>
    /// <param name="set">Its parameter set, and the curve of CryptoPro that this names; tc26 A where null.</param>
    public static GostSigner New(string subject, GostSigner? issuer, DateTimeOffset from, DateTimeOffset until, int? usage = null, GostSet? set = null)
    {
        var generator = GeneratorUtilities.GetKeyPairGenerator("ECGOST3410");
        var curve = set?.Curve ?? RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256_paramSetA;
        generator.Init(new ECKeyGenerationParameters(
            new ECGost3410Parameters(
                new ECNamedDomainParameters(curve, ECGost3410NamedCurves.GetByOid(curve)), curve, RosstandartObjectIdentifiers.id_tc26_gost_3411_12_256, null),
            new SecureRandom()));
        var keys = generator.GenerateKeyPair();
        var certificate = new X509V3CertificateGenerator();
        certificate.SetSerialNumber(BigInteger.ValueOf(Interlocked.Increment(ref serial)));
        certificate.SetSubjectDN(new X509Name(subject));
        certificate.SetIssuerDN(issuer?.Certificate.SubjectDN ?? new X509Name(subject));
        certificate.SetNotBefore(from.UtcDateTime);
        certificate.SetNotAfter(until.UtcDateTime);
        certificate.SetSubjectPublicKeyInfo(set?.Name((ECPublicKeyParameters)keys.Public)
            ?? SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(keys.Public));
        certificate.AddExtension(X509Extensions.BasicConstraints, true, new BasicConstraints(issuer is null));
        certificate.AddExtension(
            X509Extensions.KeyUsage, true,
            new KeyUsage(usage ?? (issuer is null ? KeyUsage.KeyCertSign : KeyUsage.DigitalSignature | KeyUsage.NonRepudiation)));
        return new GostSigner(keys, certificate.Generate(new Asn1SignatureFactory(Algorithm, issuer?.Keys.Private ?? keys.Private)));
    }

    /// <summary>A CMS signature over the statement, DER, with the certificate in it.</summary>
    public byte[] Sign(byte[] statement, bool detached = true)
    {
        var generator = new CmsSignedDataGenerator();
        generator.AddSignerInfoGenerator(new SignerInfoGeneratorBuilder().Build(new Asn1SignatureFactory(Algorithm, Keys.Private), Certificate));
        generator.AddCertificates(CollectionUtilities.CreateStore([Certificate]));
        return generator.Generate(new CmsProcessableByteArray(statement), encapsulate: !detached).GetEncoded("DER");
    }
}

/// <summary>A parameter set of ГОСТ Р 34.10-2012 as a certificate names it (RFC 9215, 4.2).</summary>
/// <param name="Oid">The name of the set.</param>
/// <param name="Curve">Its curve's name in the library.</param>
/// <param name="Digest">The digest's parameter set; left out where null.</param>
public sealed record GostSet(string Oid, DerObjectIdentifier Curve, string? Digest = null)
{
    /// <summary>The key with its parameters: both coordinates of 32 bytes, little-endian, in an octet string.</summary>
    public SubjectPublicKeyInfo Name(ECPublicKeyParameters key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var point = key.Q.Normalize();
        byte[] coordinates = [.. point.AffineYCoord.GetEncoded(), .. point.AffineXCoord.GetEncoded()];
        Array.Reverse(coordinates);
        DerObjectIdentifier[] named = [new(Oid), .. Digest is null ? [] : new[] { new DerObjectIdentifier(Digest) }];
        return new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256, new DerSequence(named)), new DerOctetString(coordinates));
    }
}
