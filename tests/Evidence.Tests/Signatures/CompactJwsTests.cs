using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Evidence.Tests.Signatures;

/// <summary>RFC 7515, as strictly as evidence needs it.</summary>
[Trait("Feature", "N3")]
public sealed class CompactJwsTests : IDisposable
{
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes("""{"ё":"Ёлка № 5"}""");

    private readonly Es256Key key = Es256Key.Create();

    public void Dispose() => key.Dispose();

    [Fact]
    public void a_signature_stands_under_its_key_and_over_its_payload()
    {
        var jws = CompactJws.Read(key.Sign(Payload)).ShouldNotBeNull();
        jws.Verify(key.Public, Payload).ShouldBeNull();
        (jws.Alg, jws.Kid).ShouldBe(("ES256", key.Public.Kid()));
        jws.Payload.ShouldBe(Payload);
    }

    // RFC 7515, A.3: another implementation's signature.
    [Fact]
    public void the_example_of_the_standard_stands()
    {
        const string Jws = "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
            + "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        CompactJws.Read(Jws)!.Verify(new PublicJwk("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"))
            .ShouldBeNull();
    }

    [Fact]
    public void another_key_or_another_payload_is_refused()
    {
        using var other = Es256Key.Create();
        var jws = CompactJws.Read(key.Sign(Payload))!;
        jws.Verify(other.Public, Payload).ShouldBe(JwsFault.SignatureInvalid);
        jws.Verify(key.Public, [.. Payload, 0x20]).ShouldBe(JwsFault.PayloadDiffers);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("ES384")]
    [InlineData("es256")]
    public void another_algorithm_is_refused(string algorithm) =>
        CompactJws.Read(key.Sign(Payload, new JsonObject { ["alg"] = algorithm }))!.Verify(key.Public, Payload).ShouldBe(JwsFault.AlgorithmNotAllowed);

    [Theory]
    [InlineData("""{"alg":"ES256","crit":["exp"]}""")]
    [InlineData("""{"alg":"ES256","b64":false}""")]
    [InlineData("""{"alg":"none","alg":"ES256"}""")]
    [InlineData("""{"alg":"ES256","kid":"\ud800"}""")]
    [InlineData("""["ES256"]""")]
    [InlineData("ES256")]
    public void a_header_that_we_do_not_understand_is_none(string header)
    {
        var parts = key.Sign(Payload).Split('.');
        CompactJws.Read($"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{parts[1]}.{parts[2]}").ShouldBeNull();
    }

    [Fact]
    public void a_header_that_is_not_utf8_is_none()
    {
        var parts = key.Sign(Payload).Split('.');
        CompactJws.Read($"{Base64Url.EncodeToString([.. """{"alg":"ES256","kid":"a"""u8, 0xBF, .. "\"}"u8])}.{parts[1]}.{parts[2]}").ShouldBeNull();
    }

    [Fact]
    public void more_or_fewer_than_three_parts_are_none()
    {
        var jws = key.Sign(Payload);
        CompactJws.Read(jws + ".").ShouldBeNull();
        CompactJws.Read(jws[..jws.LastIndexOf('.')]).ShouldBeNull();
        CompactJws.Read("").ShouldBeNull();
    }

    // 64 bytes take 86 characters, the last of which has four bits that are not used.
    [Fact]
    public void a_second_spelling_of_the_signature_is_refused()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var jws = key.Sign(Payload);
        foreach (var spelling in Enumerable.Range(1, 15)
            .Select(bits => jws[..^1] + Alphabet[Alphabet.IndexOf(jws[^1], StringComparison.Ordinal) | bits]).Where(one => one != jws))
        {
            CompactJws.Read(spelling)!.Verify(key.Public, Payload).ShouldBe(JwsFault.SignatureInvalid);
        }

        CompactJws.Read(jws + "==")!.Verify(key.Public, Payload).ShouldBe(JwsFault.SignatureInvalid);
        CompactJws.Read(jws + "\n")!.Verify(key.Public, Payload).ShouldBe(JwsFault.SignatureInvalid);
        CompactJws.Read(jws[..^2])!.Verify(key.Public, Payload).ShouldBe(JwsFault.SignatureInvalid);
    }

    [Fact]
    public void a_point_that_is_not_on_the_curve_is_no_key_that_signed() =>
        CompactJws.Read(key.Sign(Payload))!.Verify(key.Public with { X = key.Public.Y }, Payload).ShouldBe(JwsFault.SignatureInvalid);

    // RFC 7638, 3.1, by the rules of 3.2 for an elliptic curve: the key of RFC 7517, A.1.
    [Fact]
    public void a_key_is_named_by_its_thumbprint_and_reads_back()
    {
        PublicJwk.Read(key.Public.ToJson()).ShouldBe(key.Public);
        new PublicJwk("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM").Kid()
            .ShouldBe("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
    }

    [Theory]
    [InlineData("kty", "RSA")]
    [InlineData("crv", "P-384")]
    [InlineData("x", "AAAA")]
    public void what_is_no_p256_key_is_none(string member, string value)
    {
        var json = key.Public.ToJson();
        json[member] = value;
        PublicJwk.Read(json).ShouldBeNull();
    }
}
