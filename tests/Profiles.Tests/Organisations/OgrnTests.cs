using System.Globalization;
using CsCheck;
using Shouldly;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles.Tests.Organisations;

public sealed class OgrnTests
{
    private static readonly Gen<string> First12 =
        Gen.Select(Gen.Bool, Gen.Long[0, 99_999_999_999]).Select((isFirst, rest) => (isFirst ? "1" : "5") + rest.ToString("D11", CultureInfo.InvariantCulture));

    private static readonly Gen<string> Valid = First12.Select(digits => digits + Ogrn.CheckDigit(digits));

    // As the state register has them: Sberbank, VTB, Russian Railways, Aeroflot, Yandex.
    [Theory]
    [InlineData("1027700132195")]
    [InlineData("1027739609391")]
    [InlineData("1037739877295")]
    [InlineData("1027700092661")]
    [InlineData("1027700229193")]
    public void real_numbers_are_valid(string ogrn) => Ogrn.IsValid(ogrn).ShouldBeTrue();

    [Fact]
    public void one_check_digit_of_ten_is_right() => First12.Sample(digits =>
        Enumerable.Range(0, 10).Count(digit => Ogrn.IsValid(digits + digit.ToString(CultureInfo.InvariantCulture))).ShouldBe(1));

    [Fact]
    public void the_check_digit_is_the_remainder_of_11_without_its_tens() => First12.Sample(digits =>
    {
        // Digit by digit, as one does on paper.
        var remainder = digits.Aggregate(0, (rest, digit) => ((rest * 10) + (digit - '0')) % 11);
        Ogrn.CheckDigit(digits).ShouldBe((char)('0' + (remainder == 10 ? 0 : remainder)));
    });

    [Fact]
    public void a_single_wrong_digit_is_found_but_for_remainders_10_and_0() => Gen.Select(Valid, Gen.Int[1, 11], Gen.Int[1, 9]).Sample((ogrn, at, by) =>
    {
        var digits = ogrn.ToCharArray();
        digits[at] = (char)('0' + ((digits[at] - '0' + by) % 10));
        if (Ogrn.IsValid(new string(digits)))
        {
            // The law's own gap: both remainders have the check digit 0.
            var remainders = new[] { ogrn, new string(digits) }.Select(text => long.Parse(text[..12], CultureInfo.InvariantCulture) % 11).Order();
            remainders.ShouldBe([0L, 10L]);
        }
    });

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("1027700132194")]
    [InlineData("102770013219")]
    [InlineData("10277001321955")]
    [InlineData("1027700132 95")]
    [InlineData("1027700132195 ")]
    [InlineData("102770013219a")]
    [InlineData("٠٠٢٧٧٠٠١٣٢١٩٥")]
    [InlineData("0000000000000")]
    [InlineData("-027700132195")]
    [InlineData("304500116000157")]
    public void anything_else_is_not_valid(string? text) => Ogrn.IsValid(text).ShouldBeFalse();

    [Fact]
    public void a_number_of_another_kind_of_record_is_not_valid()
    {
        foreach (var first in "02346789")
        {
            var digits = first + "02770013219";
            Ogrn.IsValid(digits + Ogrn.CheckDigit(digits)).ShouldBeFalse(digits);
        }
    }

    [Fact]
    public void the_same_number_gives_the_same_id_and_another_another() =>
        Gen.Select(Valid, Valid).Sample((one, other) => (Ogrn.IdOf(one) == Ogrn.IdOf(other)).ShouldBe(one == other));

    // Stored streams have this id: it never changes.
    [Fact]
    public void the_id_of_a_number_is_for_ever() => Ogrn.IdOf("1027700132195").ShouldBe(new Guid("901467a4-4f3f-5a7d-8814-84c694cb3376"));
}
