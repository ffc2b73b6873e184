using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>
/// ОГРН, the primary state registration number of a legal entity: 13 digits, the first 1 or 5, the last a check digit
/// (Order of the Ministry of Finance of Russia 165н of 30.10.2017, section II).
/// </summary>
public static class Ogrn
{
    /// <summary>The check digit of the first 12 digits: their value modulo 11, of which the last digit.</summary>
    /// <exception cref="FormatException">Not 12 digits.</exception>
    public static char CheckDigit(string first12) => first12.Length == 12 && first12.All(char.IsAsciiDigit)
        ? (char)('0' + (long.Parse(first12, System.Globalization.CultureInfo.InvariantCulture) % 11 % 10))
        : throw new FormatException("12 digits are needed.");

    /// <summary>Whether this is the number of a legal entity, written without spaces.</summary>
    public static bool IsValid(string? ogrn) =>
        ogrn is { Length: 13 } && ogrn.All(char.IsAsciiDigit) && (ogrn[0] is '1' or '5') && CheckDigit(ogrn[..12]) == ogrn[12];

    /// <summary>The organisation's id: the same number gives the same stream, so that nobody registers it twice.</summary>
    public static Guid IdOf(string ogrn) => Uuid.V5(Uuid.Url, "https://volunteerbook.example/organisations/" + ogrn);
}
