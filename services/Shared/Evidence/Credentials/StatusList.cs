using System.Buffers.Text;
using System.IO.Compression;
using System.Text.Json.Nodes;
using VolunteerBook.Evidence.Checks;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Credentials;

/// <summary>Which credentials were revoked: the W3C Bitstring Status List v1.0, a bit for each credential, the first the highest of the first byte.</summary>
public sealed class StatusList
{
    /// <summary>The purpose of our lists.</summary>
    public const string Revocation = "revocation";

    /// <summary>The fewest places a list may have (v1.0, 4): so many that looking one up says little about whose it is.</summary>
    public const int FewestPlaces = 131_072;

    // A list that is handed in may unpack to so many bytes, and no more.
    private const int MostBytes = 1024 * 1024;

    private readonly byte[] _bits;

    private StatusList(byte[] bits) => _bits = bits;

    /// <summary>A list with the places set that are given.</summary>
    /// <param name="set">The places, from 0.</param>
    /// <param name="places">How many places: a multiple of 8, and not fewer than <see cref="FewestPlaces"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too few places, or there is no such place.</exception>
    public static StatusList Of(IEnumerable<int> set, int places = FewestPlaces)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(places, FewestPlaces);
        ArgumentOutOfRangeException.ThrowIfNotEqual(places % 8, 0);
        var bits = new byte[places / 8];
        foreach (var place in set)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(place, nameof(set));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, places, nameof(set));
            bits[place / 8] |= (byte)(0x80 >> (place % 8));
        }

        return new StatusList(bits);
    }

    /// <summary>Reads an encoded list; null where it is none, or one with too few places or more than 1 MiB.</summary>
    public static StatusList? Decode(string encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        if (!encoded.StartsWith('u') || CanonicalBase64Url.Decode(encoded[1..]) is not { } packed)
        {
            return null;
        }

        try
        {
            // As much memory as there are bits, and not a list's most at once.
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            using var bits = new MemoryStream();
            var part = new byte[64 * 1024];
            for (var read = gzip.Read(part); read > 0; read = gzip.Read(part))
            {
                CheckCost.Unpacked(read);
                if (bits.Length + read > MostBytes)
                {
                    return null;
                }

                bits.Write(part, 0, read);
            }

            return bits.Length >= FewestPlaces / 8 ? new StatusList(bits.ToArray()) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>How many places there are.</summary>
    public int Places => _bits.Length * 8;

    /// <summary>Whether the place is set: the credential was revoked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public bool IsSet(int place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(place, Places);
        return (_bits[place / 8] & (0x80 >> (place % 8))) != 0;
    }

    /// <summary>The list packed with GZIP (RFC 1952), in multibase base64url: <c>u</c> and no padding.</summary>
    public string Encode()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(_bits);
        }

        return "u" + Base64Url.EncodeToString(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    /// <summary>The list as a credential of its own, to be signed by <see cref="VerifiableCredential.Sign"/>.</summary>
    /// <param name="url">Where it is published: the credential's id.</param>
    /// <param name="issuer">Who issues it: the same as of the credentials in it.</param>
    /// <param name="at">Since when it is as it is.</param>
    /// <param name="until">When to fetch it anew.</param>
    public JsonObject Credential(string url, CredentialIssuer issuer, DateTimeOffset at, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        return new JsonObject
        {
            ["@context"] = new JsonArray(VerifiableCredential.Context),
            ["id"] = url,
            ["type"] = new JsonArray("VerifiableCredential", "BitstringStatusListCredential"),
            ["issuer"] = issuer.Did,
            ["validFrom"] = VerifiableCredential.Moment(at),
            ["validUntil"] = VerifiableCredential.Moment(until),
            ["credentialSubject"] = new JsonObject
            {
                ["id"] = url + "#list",
                ["type"] = "BitstringStatusList",
                ["statusPurpose"] = Revocation,
                ["encodedList"] = Encode(),
            },
        };
    }
}
