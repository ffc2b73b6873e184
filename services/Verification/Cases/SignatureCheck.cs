using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

/// <summary>Why a signature does not confirm; written in kebab-case on records and in problems.</summary>
public enum SignatureFault
{
    /// <summary>Not a compact JWS, or its header is not what RFC 7515 asks for.</summary>
    Malformed,

    /// <summary>Another algorithm than ES256, <c>none</c> among them.</summary>
    AlgorithmNotAllowed,

    /// <summary>The organisation has no such key: another organisation's, or nobody's.</summary>
    UnknownKey,

    /// <summary>The organisation revoked the key.</summary>
    KeyRevoked,

    /// <summary>The key is not valid yet, or no longer.</summary>
    KeyOutsideValidity,

    /// <summary>Something else was signed than what is to be confirmed.</summary>
    StatementDiffers,

    /// <summary>The signature does not belong to the header and the statement under this key.</summary>
    SignatureInvalid,
}

/// <summary>
/// Checks a compact JWS (RFC 7515) with ES256 (RFC 7518, 3.4) over a statement: the algorithm, the key and whose it is, its validity now, the statement byte by byte,
/// and the signature. Pure.
/// </summary>
public static class SignatureCheck
{
    /// <summary>The key that signed, or why it does not confirm.</summary>
    public static (string? Kid, SignatureFault? Fault) Check(string jws, byte[] statement, IReadOnlyList<SigningKey> keys, DateTimeOffset now)
    {
        if (CompactJws.Read(jws) is not { } read)
        {
            return (null, SignatureFault.Malformed);
        }

        if (read.Alg != CompactJws.Algorithm)
        {
            return (read.Kid, SignatureFault.AlgorithmNotAllowed);
        }

        return keys.FirstOrDefault(known => known.Kid == read.Kid) is { } key
            ? (read.Kid, FaultOf(read, key, statement, now))
            : (read.Kid, SignatureFault.UnknownKey);
    }

    private static SignatureFault? FaultOf(CompactJws jws, SigningKey key, byte[] statement, DateTimeOffset now) =>
        key.RevokedAt is not null ? SignatureFault.KeyRevoked
        : now < key.ValidFrom || now >= key.ValidUntil ? SignatureFault.KeyOutsideValidity
        : jws.Verify(new PublicJwk(key.X, key.Y), statement) switch
        {
            null => null,
            JwsFault.AlgorithmNotAllowed => SignatureFault.AlgorithmNotAllowed,
            JwsFault.PayloadDiffers => SignatureFault.StatementDiffers,
            _ => SignatureFault.SignatureInvalid,
        };
}
