using System.Formats.Asn1;
using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Tests.Checks;

/// <summary>What a stranger hands in to be expensive. The tests count what checking it takes, and the benchmark measures it.</summary>
internal static class HostileDocuments
{
    /// <summary>
    /// A credential signed with a key of one's own that says it is the issuer's, under these certificates: the payload is that of a genuine one.
    /// </summary>
    public static byte[] Credential(byte[] payload, IEnumerable<byte[]> certificates)
    {
        var chain = certificates.ToList();
        using var key = Es256Key.Create();
        return Encoding.ASCII.GetBytes(key.Sign(payload, new JsonObject
        {
            ["kid"] = $"{JsonNode.Parse(payload)!["iss"]}#{key.Kid}",
            ["jwk"] = key.Public.ToJson(),
            // Whose key it is comes first; the rest is what follows.
            ["x5c"] = new JsonArray([.. chain.Select((der, index) => JsonValue.Create(Convert.ToBase64String(index == 0 ? WithKey(der, key.Public) : der)))]),
        }));
    }

    // The certificate with the signer's own key in place of its key, so that the check goes on to who certifies it.
    private static byte[] WithKey(byte[] der, PublicJwk key)
    {
        var certificate = X509CertificateLoader.LoadCertificate(der);
        var at = der.AsSpan().IndexOf(certificate.PublicKey.ExportSubjectPublicKeyInfo());
        return at < 0 ? der : Certificate(key.ToSubjectPublicKeyInfo(), certificate.SubjectName.Name, certificate.IssuerName);
    }

    public static byte[] Jws(string payload)
    {
        using var key = Es256Key.Create();
        return Encoding.ASCII.GetBytes(key.Sign(Encoding.UTF8.GetBytes(payload)));
    }

    public static byte[] RsaKey(int bits) => RsaKey(new BigInteger(Ones(bits / 8), isBigEndian: true), new BigInteger(Ones(bits / 8), isBigEndian: true));

    public static byte[] RsaKey(BigInteger modulus, BigInteger exponent)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(modulus);
            writer.WriteInteger(exponent);
        }

        return Key("1.2.840.113549.1.1.1", parameters => parameters.WriteNull(), writer.Encode());
    }

    public static byte[] Ones(int bytes) => [0x7F, .. Enumerable.Repeat((byte)0xFF, bytes - 1)];

    public static byte[] GostKey(string curve) => Key("1.2.643.7.1.1.1.1", writer =>
    {
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(curve);
        }
    }, [4, 64, .. Ones(64)]);

    public static byte[] Key(string algorithm, Action<AsnWriter> parameters, byte[] key)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier(algorithm);
                parameters(writer);
            }

            writer.WriteBitString(key);
        }

        return writer.Encode();
    }

    public static byte[] Certificate(byte[] key, string subject, string issuer, byte[]? extension = null) =>
        Certificate(key, subject, new X500DistinguishedName(issuer), extension);

    // A certificate as anybody can write one: with the right form, and nothing behind it.
    public static byte[] Certificate(byte[] key, string subject, X500DistinguishedName issuer, byte[]? extension = null)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
                {
                    writer.WriteInteger(2);
                }

                writer.WriteInteger(RandomNumberGenerator.GetInt32(1, int.MaxValue));
                Ecdsa(writer);
                writer.WriteEncodedValue(issuer.RawData);
                using (writer.PushSequence())
                {
                    writer.WriteUtcTime(DateTimeOffset.UtcNow.AddDays(-1));
                    writer.WriteUtcTime(DateTimeOffset.UtcNow.AddDays(1));
                }

                writer.WriteEncodedValue(new X500DistinguishedName(subject).RawData);
                writer.WriteEncodedValue(key);
                using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 3)))
                using (writer.PushSequence())
                using (writer.PushSequence())
                {
                    writer.WriteObjectIdentifier("2.5.29.15");
                    writer.WriteOctetString(extension ?? [3, 2, 7, 128]);
                }
            }

            Ecdsa(writer);
            writer.WriteBitString([0x30, 6, 2, 1, 1, 2, 1, 1]);
        }

        return writer.Encode();

        static void Ecdsa(AsnWriter writer)
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.10045.4.3.2");
            }
        }
    }

    public static byte[] PdfOf(string kind, int size)
    {
        const string Loop = "1 0 obj << /Type /ObjStm /N 1 /First 4 /Length 1 0 R /Extends 1 0 R >> stream\n1 0 1 0 R\nendstream endobj\n";
        var inside = kind switch
        {
            "bomb" => Encoding.Latin1.GetString(Bomb()),
            "loop" => string.Concat(Enumerable.Repeat(Loop, size / Loop.Length)),
            "xref" => "xref\n0 99999999\n" + string.Concat(Enumerable.Repeat("0000000000 65535 f \n", size / 20))
                + "trailer << /Size 99999999 /Root 1 0 R /Prev 9 >>",
            _ => $"/ByteRange [0 {9 + size} {size * 3} 10] /Contents <" + new string('a', size * 2) + ">",
        };
        return Encoding.Latin1.GetBytes("%PDF-1.7\n" + inside + "\nstartxref\n9\n%%EOF\n");
    }

    public static byte[] Bomb()
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(new byte[64 * 1024 * 1024]);
        }

        return [.. "1 0 obj << /Filter /FlateDecode /Length 65000 >> stream\n"u8, .. packed.ToArray(), .. "\nendstream endobj"u8];
    }
}
