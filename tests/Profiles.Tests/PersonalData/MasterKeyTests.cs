using System.Security.Cryptography;
using Shouldly;
using VolunteerBook.Profiles.People.PersonalData;

namespace VolunteerBook.Profiles.Tests.PersonalData;

[Trait("Feature", "F4")]
public sealed class MasterKeyTests
{
    private static string Fresh() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void outside_development_there_is_no_start_without_a_key(string? configured) =>
        Should.Throw<InvalidOperationException>(() => MasterKey.From(configured, isDevelopment: false)).Message.ShouldContain(MasterKey.Setting);

    [Fact]
    public void outside_development_there_is_no_start_with_the_development_key() =>
        Should.Throw<InvalidOperationException>(() => MasterKey.From(MasterKey.DevelopmentValue, isDevelopment: false)).Message
            .ShouldNotContain(MasterKey.DevelopmentValue);

    [Theory]
    [InlineData("not base64")]
    [InlineData("AAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void a_key_that_is_not_32_bytes_in_base64_is_refused_everywhere(string configured)
    {
        Should.Throw<InvalidOperationException>(() => MasterKey.From(configured, isDevelopment: true));
        Should.Throw<InvalidOperationException>(() => MasterKey.From(configured, isDevelopment: false));
    }

    [Fact]
    public void development_goes_without_one() =>
        MasterKey.From(null, isDevelopment: true).Id.ShouldBe(MasterKey.From(MasterKey.DevelopmentValue, isDevelopment: true).Id);

    [Fact]
    public void a_wrapped_key_unwraps_under_the_same_master_only()
    {
        var (configured, person, key) = (Fresh(), Guid.NewGuid(), RandomNumberGenerator.GetBytes(32));
        var wrapped = MasterKey.From(configured, isDevelopment: false).Wrap(person, key);

        MasterKey.From($" {configured}\n", isDevelopment: false).Unwrap(person, wrapped).ShouldBe(key);
        Should.Throw<CryptographicException>(() => MasterKey.From(Fresh(), isDevelopment: false).Unwrap(person, wrapped));
    }

    [Fact]
    public void the_id_tells_masters_apart_and_is_no_part_of_the_key()
    {
        var configured = Fresh();
        var id = MasterKey.From(configured, isDevelopment: false).Id;
        id.ShouldBe(MasterKey.From(configured, isDevelopment: false).Id);
        id.ShouldNotBe(MasterKey.From(Fresh(), isDevelopment: false).Id);
        Convert.ToHexStringLower(Convert.FromBase64String(configured)).ShouldNotContain(id);
    }
}
