using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tsp;
using Org.BouncyCastle.Utilities.Collections;
using BouncyCertificate = Org.BouncyCastle.X509.X509Certificate;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// A time-stamping authority (RFC 3161) inside the portal, for systems that have no other: it proves to those who trust the portal's own clock.
/// </summary>
/// <param name="key">A key whose certificate is for time-stamping only.</param>
/// <param name="clock">The clock whose time goes into the tokens, in whole seconds, UTC.</param>
public sealed class PortalTimeStampAuthority(CertifiedKey key, TimeProvider clock) : ITimeStampAuthority
{
    // RFC 3161 asks for a policy; 2.999 is the arc set aside for examples (X.660), for we are in no register.
    private const string Policy = "2.999.3161.1";

    /// <inheritdoc/>
    public Task<byte[]> Stamp(byte[] digest, CancellationToken ct = default)
    {
        var request = new TimeStampRequestGenerator();
        request.SetCertReq(true);
        var asked = request.Generate(TspAlgorithms.Sha256, digest);

        using AsymmetricAlgorithm? own = (AsymmetricAlgorithm?)key.Certificate.GetECDsaPrivateKey() ?? key.Certificate.GetRSAPrivateKey();
        var certificate = new BouncyCertificate(key.Certificate.RawData);
        var generator = new TimeStampTokenGenerator(PrivateKeyFactory.CreateKey(own!.ExportPkcs8PrivateKey()), certificate, TspAlgorithms.Sha256, Policy);
        generator.SetCertificates(CollectionUtilities.CreateStore<BouncyCertificate>(
            [certificate, .. key.Issuers.Select(issuer => new BouncyCertificate(issuer.RawData))]));
        var token = generator.Generate(asked, new BigInteger(1, RandomNumberGenerator.GetBytes(8)), clock.GetUtcNow().UtcDateTime);
        return Task.FromResult(token.ToCmsSignedData().GetEncoded("DER"));
    }
}
