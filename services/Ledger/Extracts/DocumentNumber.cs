using System.Globalization;
using System.Security.Cryptography;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>
/// Numbers of documents: <c>VB-2026-7QX4M-K2DT9</c>. Ten random characters of Crockford's base 32, which has no letters that look like digits: 50 bits, so that
/// guessing finds nothing, at any rate that the gateway lets through.
/// </summary>
public static class DocumentNumber
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    public static string New(DateTimeOffset at)
    {
        var random = RandomNumberGenerator.GetString(Alphabet, 10);
        return string.Create(CultureInfo.InvariantCulture, $"VB-{at.UtcDateTime.Year}-{random[..5]}-{random[5..]}");
    }

    /// <summary>A number as a person may have typed it, in its one form: without spaces, in capitals, O for 0 and I or L for 1.</summary>
    public static string? Read(string? typed)
    {
        var text = new string([.. (typed ?? "").ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);
        if (text.Length != 16 || !text.StartsWith("VB", StringComparison.Ordinal))
        {
            return null;
        }

        var random = text[6..].Replace('O', '0').Replace('I', '1').Replace('L', '1');
        return text[2..6].All(char.IsAsciiDigit) && random.All(Alphabet.Contains) ? $"VB-{text[2..6]}-{random[..5]}-{random[5..]}" : null;
    }
}
