using System.Security.Cryptography;
using CsCheck;
using Shouldly;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.People.Volunteers;

namespace VolunteerBook.Profiles.Tests.PersonalData;

[Trait("Feature", "F4")]
public sealed class PersonKeyTests
{
    private const string Fields = "some-fields";

    // Any text that has a UTF-8 form: JSON has no lone surrogates.
    private static readonly Gen<string> Words = Gen.Char['\u0001', '\ud7ff'].Array[0, 200].Select(chars => new string(chars));

    private static readonly Gen<PersonalDetails> Details =
        Gen.Select(Words, Words, Words.Null(), Gen.Int[700_000, 738_000], Words.Null(), Words.Null(),
            (family, given, patronymic, day, email, phone) =>
                new PersonalDetails(new PersonName(family, given, patronymic), DateOnly.FromDayNumber(day), new Contacts(email, phone)));

    [Fact]
    public void what_was_sealed_opens_again() => Details.Sample(details =>
    {
        using var key = PersonKey.Create(Guid.NewGuid());
        key.Open<PersonalDetails>(Fields, key.Seal(Fields, details)).ShouldBe(details);
    });

    [Fact]
    public void a_character_changed_anywhere_is_refused()
    {
        using var key = PersonKey.Create(Guid.NewGuid());
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        Gen.Select(Words, Gen.Int[0, int.MaxValue], Gen.Int[0, 63]).Sample((text, at, with) =>
        {
            var box = key.Seal(Fields, text).ToCharArray();
            // The last character may carry bits that say nothing; the decoder refuses those by itself or gives the same bytes.
            var index = 2 + (at % (box.Length - 3));
            if (box[index] == Alphabet[with])
            {
                return;
            }

            box[index] = Alphabet[with];
            Should.Throw<CryptographicException>(() => key.Open<string>(Fields, new string(box)));
        });
    }

    [Fact]
    public void a_text_cut_short_is_refused()
    {
        using var key = PersonKey.Create(Guid.NewGuid());
        var box = key.Seal(Fields, "Иванова");
        for (var length = 0; length < box.Length; length++)
        {
            Should.Throw<CryptographicException>(() => key.Open<string>(Fields, box[..length]));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Иванова")]
    [InlineData("1.")]
    [InlineData("1.***")]
    [InlineData("2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void a_text_of_no_known_scheme_is_refused(string text)
    {
        using var key = PersonKey.Create(Guid.NewGuid());
        Should.Throw<CryptographicException>(() => key.Open<string>(Fields, text));
    }

    [Fact]
    public void another_persons_text_is_refused_even_under_the_same_key_bytes()
    {
        var master = MasterKey.From(MasterKey.DevelopmentValue, isDevelopment: true);
        var (anna, boris) = (Guid.NewGuid(), Guid.NewGuid());
        var bytes = RandomNumberGenerator.GetBytes(32);
        Should.Throw<CryptographicException>(() => master.Unwrap(boris, master.Wrap(anna, bytes)));

        using var annas = PersonKey.Create(anna);
        using var boriss = PersonKey.Create(boris);
        Should.Throw<CryptographicException>(() => boriss.Open<string>(Fields, annas.Seal(Fields, "Иванова")));
    }

    [Fact]
    public void a_text_of_other_fields_is_refused()
    {
        using var key = PersonKey.Create(Guid.NewGuid());
        Should.Throw<CryptographicException>(() => key.Open<string>("other-fields", key.Seal(Fields, "Иванова")));
    }

    [Fact]
    public void the_same_value_never_gives_the_same_text()
    {
        using var key = PersonKey.Create(Guid.NewGuid());
        Enumerable.Range(0, 1000).Select(_ => key.Seal(Fields, "Иванова")).ShouldBeUnique();
    }

    [Fact]
    public void the_text_holds_nothing_of_the_value()
    {
        using var key = PersonKey.Create(Guid.NewGuid());
        var text = key.Seal(Fields, "IvanovaIvanovaIvanova");
        text.ShouldStartWith("1.");
        text.ShouldNotContain("Ivanova");
    }
}
