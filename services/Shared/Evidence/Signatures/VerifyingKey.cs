using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.CryptoPro;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Asn1.Rosstandart;
using Org.BouncyCastle.Asn1.Sec;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Asn1.X9;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Security;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// The public keys of certificates that one may verify under: on a curve with a name, P-256, P-384 or P-521; RSA of 2048 to 4096 bits; ГОСТ Р 34.10-2012 with
/// 256 bit. What a verification under any other key would cost is its maker's choice, so that none is looked at.
/// </summary>
internal static class VerifyingKey
{
    private const int CoordinateBytes = 32;

    // The parameter sets of 256 bit (RFC 9215, 4.2 and RFC 7836, appendix A; Р 1323565.1.024-2019): tc26 gave those of
    // CryptoPro new names, B for A, C for B, D for C.
    private static readonly Dictionary<string, DerObjectIdentifier> GostCurves = new()
    {
        ["1.2.643.2.2.35.1"] = CryptoProObjectIdentifiers.GostR3410x2001CryptoProA,
        ["1.2.643.2.2.35.2"] = CryptoProObjectIdentifiers.GostR3410x2001CryptoProB,
        ["1.2.643.2.2.35.3"] = CryptoProObjectIdentifiers.GostR3410x2001CryptoProC,
        ["1.2.643.2.2.36.0"] = CryptoProObjectIdentifiers.GostR3410x2001CryptoProXchA,
        ["1.2.643.2.2.36.1"] = CryptoProObjectIdentifiers.GostR3410x2001CryptoProXchB,
        ["1.2.643.7.1.2.1.1.1"] = RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256_paramSetA,
        ["1.2.643.7.1.2.1.1.2"] = CryptoProObjectIdentifiers.GostR3410x2001CryptoProA,
        ["1.2.643.7.1.2.1.1.3"] = CryptoProObjectIdentifiers.GostR3410x2001CryptoProB,
        ["1.2.643.7.1.2.1.1.4"] = CryptoProObjectIdentifiers.GostR3410x2001CryptoProC,
    };

    /// <summary>Reads the key.</summary>
    /// <exception cref="FormatException">It is of another kind, or none.</exception>
    public static AsymmetricKeyParameter Of(SubjectPublicKeyInfo key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var kind = key.Algorithm.Algorithm;
        return kind.Equals(RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256) ? Gost(key)
            : kind.Equals(PkcsObjectIdentifiers.RsaEncryption) ? Rsa(key)
            : kind.Equals(X9ObjectIdentifiers.IdECPublicKey) && key.Algorithm.Parameters?.ToAsn1Object() is DerObjectIdentifier curve
                && (curve.Equals(SecObjectIdentifiers.SecP256r1) || curve.Equals(SecObjectIdentifiers.SecP384r1)
                    || curve.Equals(SecObjectIdentifiers.SecP521r1)) ? PublicKeyFactory.CreateKey(key)
            : throw new FormatException($"Nothing is verified under a key of {kind.Id}.");
    }

    // The bounds come before the key is made: making one tries whether its modulus is a prime.
    private static AsymmetricKeyParameter Rsa(SubjectPublicKeyInfo key)
    {
        var numbers = RsaPublicKeyStructure.GetInstance(key.ParsePublicKey());
        return numbers.Modulus.BitLength is >= 2048 and <= 4096 && numbers.PublicExponent.BitLength <= 32
            ? PublicKeyFactory.CreateKey(key)
            : throw new FormatException("An RSA key must have 2048 to 4096 bits and an exponent of at most 32 bits.");
    }

    /// <summary>
    /// The parameter set that a key of ГОСТ Р 34.10-2012 with 256 bit names, where it is one of tc26 or CryptoPro for ГОСТ Р 34.11-2012 with 256 bit; null
    /// where it is another, such as the set that is for tests. The digest may be left out (RFC 9215, 4.2).
    /// </summary>
    public static DerObjectIdentifier? GostSetOf(AlgorithmIdentifier algorithm) =>
        algorithm.Algorithm.Equals(RosstandartObjectIdentifiers.id_tc26_gost_3410_12_256)
        && algorithm.Parameters?.ToAsn1Object() is Asn1Sequence { Count: 1 or 2 } named && named[0] is DerObjectIdentifier set && GostCurves.ContainsKey(set.Id)
        && (named.Count == 1 || RosstandartObjectIdentifiers.id_tc26_gost_3411_12_256.Equals(named[1]))
            ? set
            : null;

    // RFC 9215, 4.2: the key is both coordinates, little-endian, in an octet string.
    private static ECPublicKeyParameters Gost(SubjectPublicKeyInfo key)
    {
        if (GostSetOf(key.Algorithm) is not { } set || key.ParsePublicKey() is not Asn1OctetString octets
            || octets.GetOctets() is not { Length: 2 * CoordinateBytes } point)
        {
            throw new FormatException("It is not a 256-bit key of GOST R 34.10-2012 on a curve of tc26 or CryptoPro.");
        }

        var curve = GostCurves[set.Id];
        Array.Reverse(point);
        var parameters = new ECGost3410Parameters(
            new ECNamedDomainParameters(curve, ECGost3410NamedCurves.GetByOid(curve)), set, RosstandartObjectIdentifiers.id_tc26_gost_3411_12_256, null);
        return new ECPublicKeyParameters(
            "ECGOST3410",
            parameters.Curve.ValidatePoint(new BigInteger(1, point, CoordinateBytes, CoordinateBytes), new BigInteger(1, point, 0, CoordinateBytes)),
            parameters);
    }
}
