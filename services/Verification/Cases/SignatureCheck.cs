using System.Text;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

/// <summary>Why a signature does not confirm; written in kebab-case on records and in problems.</summary>
public enum SignatureFault
{
    /// <summary>Neither a compact JWS with a header as RFC 7515 asks for, nor a detached CMS in its one form.</summary>
    Malformed,

    /// <summary>Another algorithm than ES256, <c>none</c> among them, or in a CMS than ГОСТ Р 34.10-2012 with 256 bit.</summary>
    AlgorithmNotAllowed,

    /// <summary>The organisation has no such key: another organisation's, or nobody's.</summary>
    UnknownKey,

    /// <summary>The organisation revoked the key.</summary>
    KeyRevoked,

    /// <summary>The key is not valid yet, or no longer.</summary>
    KeyOutsideValidity,

    /// <summary>Something else was signed than what is to be confirmed.</summary>
    StatementDiffers,

    /// <summary>The signature does not belong to what it is over under this key.</summary>
    SignatureInvalid,
}

/// <summary>What a signature was found to be.</summary>
/// <param name="Kid">The key that it names; null where it names none.</param>
/// <param name="Fault">Why it does not confirm; null where it does.</param>
public sealed record CheckedSignature(string? Kid, SignatureFault? Fault)
{
    /// <summary>Of a JWS the public key: who checks later need not find it. A CMS holds its certificate itself.</summary>
    public SigningJwk? Key { get; init; }

    /// <summary>Of a CMS what was signed: a JWS holds that itself.</summary>
    public string? Statement { get; init; }
}

/// <summary>
/// Checks a signature over a statement: the algorithm, the key and whose it is, its validity now, the statement byte by byte, and the signature. It is one of
/// two kinds: a compact JWS (RFC 7515) with ES256 (RFC 7518, 3.4), or a detached CMS (RFC 5652) with ГОСТ Р 34.10-2012 by a registered certificate that lies in
/// it, DER in base64 without white space. Pure.
/// </summary>
public static class SignatureCheck
{
    /// <summary>What the signature is, for the organisation with these keys.</summary>
    public static CheckedSignature Check(string signature, byte[] statement, IReadOnlyList<SigningKey> keys, DateTimeOffset now) =>
        signature.Contains('.', StringComparison.Ordinal) ? CheckJws(signature, statement, keys, now) : CheckCms(signature, statement, keys, now);

    private static CheckedSignature CheckJws(string signature, byte[] statement, IReadOnlyList<SigningKey> keys, DateTimeOffset now)
    {
        if (CompactJws.Read(signature) is not { } jws)
        {
            return new(null, SignatureFault.Malformed);
        }

        if (jws.Alg != CompactJws.Algorithm)
        {
            return new(jws.Kid, SignatureFault.AlgorithmNotAllowed);
        }

        if (keys.FirstOrDefault(known => known.Kid == jws.Kid && known.Certificate is null) is not { } key)
        {
            return new(jws.Kid, SignatureFault.UnknownKey);
        }

        return new(jws.Kid, FaultOf(key, now) ?? jws.Verify(new PublicJwk(key.X, key.Y), statement) switch
        {
            null => null,
            JwsFault.AlgorithmNotAllowed => SignatureFault.AlgorithmNotAllowed,
            JwsFault.PayloadDiffers => SignatureFault.StatementDiffers,
            _ => SignatureFault.SignatureInvalid,
        })
        {
            Key = new SigningJwk(key.X, key.Y),
        };
    }

    private static CheckedSignature CheckCms(string signature, byte[] statement, IReadOnlyList<SigningKey> keys, DateTimeOffset now)
    {
        if (CmsSignature.ReadBase64(signature) is not { } cms)
        {
            return new(null, SignatureFault.Malformed);
        }

        var kid = cms.Signer is { } signer ? GostCertificate.KidOf(signer) : null;
        if (!cms.IsGost)
        {
            return new(kid, SignatureFault.AlgorithmNotAllowed);
        }

        if (keys.FirstOrDefault(known => known.Kid == kid && known.Certificate is not null) is not { Certificate: { } certificate } key)
        {
            return new(kid, SignatureFault.UnknownKey);
        }

        // What was registered lies within the certificate's own validity; that is held to here too.
        var own = GostCertificate.Read(certificate)!;
        return new(kid, FaultOf(key, now) ?? (now < own.NotBefore || now > own.NotAfter ? (SignatureFault?)SignatureFault.KeyOutsideValidity : null)
            ?? GostSignature.Verify(cms, statement, own.X509) switch
            {
                null => null,
                CmsFault.Malformed => SignatureFault.Malformed,
                CmsFault.AlgorithmNotAllowed => SignatureFault.AlgorithmNotAllowed,
                CmsFault.ContentDiffers => SignatureFault.StatementDiffers,
                _ => SignatureFault.SignatureInvalid,
            })
        {
            Statement = Encoding.UTF8.GetString(statement),
        };
    }

    private static SignatureFault? FaultOf(SigningKey key, DateTimeOffset now) =>
        key.RevokedAt is not null ? SignatureFault.KeyRevoked
        : now < key.ValidFrom || now >= key.ValidUntil ? SignatureFault.KeyOutsideValidity
        : null;
}
