using System.Buffers.Text;
using System.Security.Cryptography;
using CsCheck;
using Shouldly;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles.Tests.Organisations;

[Trait("Feature", "F15")]
public sealed class JwkTests
{
    internal static Jwk Fresh()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        return new Jwk("EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }

    // A key that is taken is asked for a proof next.
    private static VolunteerBook.ServiceDefaults.Refusal? Check(Jwk jwk) =>
        RegisterSigningKeyEndpoint.Decide(
            Given.Organisation(Given.Approved), new RegisterSigningKey("Ключ", jwk), null, Proofs.Statements, Given.Registrant, Given.Now).Refusal
            is { Code: not "proof-missing" } refusal ? refusal : null;

    [Theory]
    [InlineData("enc", null, null, "jwk.use")]
    [InlineData("", null, null, "jwk.use")]
    [InlineData("SIG", null, null, "jwk.use")]
    [InlineData(null, "", null, "jwk.key_ops")]
    [InlineData(null, "sign", null, "jwk.key_ops")]
    [InlineData(null, "deriveKey", null, "jwk.key_ops")]
    [InlineData(null, "verify verify", null, "jwk.key_ops")]
    [InlineData("sig", "verify deriveBits", null, "jwk.key_ops")]
    [InlineData("enc", "verify", null, "jwk.use")]
    [InlineData(null, null, "ECDH-ES", "jwk.alg")]
    [InlineData("sig", "verify", "ES384", "jwk.alg")]
    [InlineData("sig", null, null, null)]
    [InlineData(null, "verify", null, null)]
    [InlineData("sig", "verify", "ES256", null)]
    [InlineData(null, "sign verify", "ES256", null)]
    public void a_key_is_taken_for_what_it_says_that_it_is_for(string? use, string? operations, string? algorithm, string? field) =>
        (Check(Fresh() with { Use = use, KeyOps = operations?.Split(' ', StringSplitOptions.RemoveEmptyEntries), Alg = algorithm })?.Field).ShouldBe(field);

    [Fact]
    public void a_fresh_public_key_is_taken()
    {
        for (var i = 0; i < 100; i++)
        {
            Check(Fresh()).ShouldBeNull();
        }
    }

    // RFC 7517, appendix A.1.
    [Fact]
    public void the_key_of_the_standard_is_taken() =>
        Check(new Jwk("EC", "P-256", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")).ShouldBeNull();

    // RFC 7517, appendix A.2: the same key with its private half.
    [Fact]
    public void a_private_half_is_refused_and_not_repeated()
    {
        const string Secret = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";
        var jwk = new Jwk("EC", "P-256", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", Secret);
        var refusal = Check(jwk).ShouldNotBeNull();
        (refusal.Code, refusal.Field).ShouldBe(("private-key", "jwk.d"));
        refusal.ToString().ShouldNotContain(Secret);
        jwk.ToString().ShouldNotContain(Secret);
    }

    [Theory]
    [InlineData("RSA", "P-256", "jwk.kty")]
    [InlineData("ec", "P-256", "jwk.kty")]
    [InlineData("OKP", "Ed25519", "jwk.kty")]
    [InlineData("EC", "P-384", "jwk.crv")]
    [InlineData("EC", "secp256k1", "jwk.crv")]
    [InlineData("EC", "p-256", "jwk.crv")]
    public void another_kind_of_key_is_refused(string kty, string crv, string field) =>
        Check(Fresh() with { Kty = kty, Crv = crv }).ShouldNotBeNull().Field.ShouldBe(field);

    [Theory]
    [InlineData("")]
    [InlineData("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D")]
    [InlineData("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4=")]
    [InlineData("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D5")]
    [InlineData("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7+4")]
    [InlineData("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4AAAA")]
    [InlineData("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7 D4")]
    [InlineData("ключ")]
    public void a_coordinate_written_otherwise_is_refused(string text)
    {
        var jwk = Fresh();
        Check(jwk with { X = text }).ShouldNotBeNull().Field.ShouldBe("jwk.x");
        Check(jwk with { Y = text }).ShouldNotBeNull().Field.ShouldBe("jwk.y");
    }

    [Fact]
    public void a_point_beside_the_curve_is_refused()
    {
        var (one, other) = (Fresh(), Fresh());
        Check(one with { Y = other.Y }).ShouldNotBeNull().Code.ShouldBe("key-not-on-curve");
        Check(one with { X = one.Y, Y = one.X }).ShouldNotBeNull().Code.ShouldBe("key-not-on-curve");
        var zero = Base64Url.EncodeToString(new byte[32]);
        Check(new Jwk("EC", "P-256", zero, zero)).ShouldNotBeNull().Code.ShouldBe("key-not-on-curve");
    }

    // x and x + p name the same point; only the smaller is a coordinate. x = 5 is on the curve, and 5 + p fits in 32 bytes.
    [Fact]
    public void a_coordinate_beyond_the_prime_is_refused()
    {
        const string Y5 = "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc";
        static string Text(string hex) => Base64Url.EncodeToString(Convert.FromHexString(hex));
        var five = Text("0000000000000000000000000000000000000000000000000000000000000005");
        var fiveAndPrime = Text("ffffffff00000001000000000000000000000001000000000000000000000004");
        Check(new Jwk("EC", "P-256", five, Text(Y5))).ShouldBeNull();
        Check(new Jwk("EC", "P-256", fiveAndPrime, Text(Y5))).ShouldNotBeNull().Code.ShouldBe("key-not-on-curve");
    }

    [Fact]
    public void ours_and_the_platforms_arithmetic_agree() => Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[32], Gen.Bool).Sample((x, y, valid) =>
    {
        var jwk = valid ? Fresh() : new Jwk("EC", "P-256", Base64Url.EncodeToString(x), Base64Url.EncodeToString(y));
        (Check(jwk) is null).ShouldBe(ImportsHere(jwk));
    }, iter: 300);

    // Expected value made with Python's json, hashlib and base64 after RFC 7638.
    [Fact]
    public void the_thumbprint_is_that_of_rfc_7638() =>
        new Jwk("EC", "P-256", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM").Thumbprint()
            .ShouldBe("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");

    private static bool ImportsHere(Jwk jwk)
    {
        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = Base64Url.DecodeFromChars(jwk.X), Y = Base64Url.DecodeFromChars(jwk.Y) },
            });
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
