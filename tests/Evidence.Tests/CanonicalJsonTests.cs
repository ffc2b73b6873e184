using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Shouldly;

namespace VolunteerBook.Evidence.Tests;

/// <summary>RFC 8785, as far as statements use it.</summary>
public sealed class CanonicalJsonTests
{
    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Bytes(JsonNode.Parse(json)));

    [Theory]
    [InlineData("""{ "b" : 1 , "a" : [ true , null , false ] }""", """{"a":[true,null,false],"b":1}""")]
    // RFC 8785, 3.2.3: the order is that of UTF-16 code units, so a pair of surrogates comes before U+FB33.
    [InlineData(
        """{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""",
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro "
                + "Sign\",\"\U0001F600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}")]
    // RFC 8785, 3.2.2.2.
    [InlineData("""{"s":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"}""", "{\"s\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}")]
    [InlineData("""{"ё":"Ёлка № 5","n":-9007199254740992}""", """{"n":-9007199254740992,"ё":"Ёлка № 5"}""")]
    public void examples(string json, string canonical) => Canonical(json).ShouldBe(canonical);

    [Theory]
    [InlineData("""{"n":1.5}""")]
    [InlineData("""{"n":1e3}""")]
    public void numbers_that_are_not_whole_are_refused(string json) => Should.Throw<FormatException>(() => Canonical(json));

    [Fact]
    public void numbers_beyond_exactness_are_refused() => Should.Throw<ArgumentOutOfRangeException>(() => Canonical("""{"n":9007199254740993}"""));

    [Fact]
    public void canonical_json_reads_back_as_what_it_was_made_of() =>
        Gen.String.Where(text => !HasLoneSurrogate(text)).Sample(text =>
        {
            var canonical = CanonicalJson.Bytes(new JsonObject { ["text"] = text });
            JsonNode.Parse(canonical)!["text"]!.GetValue<string>().ShouldBe(text);
            CanonicalJson.Bytes(JsonNode.Parse(canonical)).ShouldBe(canonical);
        });

    [Fact]
    public void a_lone_surrogate_is_refused() =>
        Should.Throw<EncoderFallbackException>(() => CanonicalJson.Bytes(new JsonObject { ["text"] = "\ud800" }));

    private static bool HasLoneSurrogate(string text)
    {
        try
        {
            _ = new UTF8Encoding(false, true).GetBytes(text);
            return false;
        }
        catch (EncoderFallbackException)
        {
            return true;
        }
    }
}
