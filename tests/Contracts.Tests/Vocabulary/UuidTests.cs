using System.Text;
using Shouldly;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Tests.Vocabulary;

public sealed class UuidTests
{
    // RFC 9562, appendix A.4.
    [Fact]
    public void the_example_of_the_standard_holds() =>
        Uuid.V5(Uuid.Dns, "www.example.com").ShouldBe(new Guid("2ed6657d-e927-568b-95e1-2665a8aea6a2"));

    // Expected values were made with Python's uuid.uuid5(namespace, name).
    [Theory]
    [InlineData("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d")]
    [InlineData("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "", "1b4db7eb-4057-5ddf-91e0-36dec72071f5")]
    [InlineData("00000000-0000-0000-0000-000000000000", "ОГРН 1027700132195", "9054b894-c748-593d-981a-4570d7d5e51b")]
    public void other_implementations_agree(string space, string name, string expected)
    {
        var made = Uuid.V5(new Guid(space), name);
        made.ShouldBe(new Guid(expected));
    }

    [Fact]
    public void version_and_variant_are_set()
    {
        for (var i = 0; i < 1000; i++)
        {
            var text = Uuid.V5(Uuid.Url, $"name {i}").ToString();
            text[14].ShouldBe('5');
            "89ab".ShouldContain(text[19]);
        }
    }

    [Fact]
    public void the_same_name_gives_the_same_id_and_another_name_or_namespace_another()
    {
        Uuid.V5(Uuid.Url, "a").ShouldBe(Uuid.V5(Uuid.Url, "a"));
        Uuid.V5(Uuid.Url, "a").ShouldNotBe(Uuid.V5(Uuid.Url, "b"));
        Uuid.V5(Uuid.Url, "a").ShouldNotBe(Uuid.V5(Uuid.Dns, "a"));
    }

    [Fact]
    public void a_name_without_a_utf_8_form_is_refused() => Should.Throw<EncoderFallbackException>(() => Uuid.V5(Uuid.Url, "\ud800"));
}
