using System.Text.RegularExpressions;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Takes out of texts that leave the process what gives its bearer a right: the tokens of links (/shared, /inquiry), wherever they stand in an address, tokens
/// of sign-in, and every value of a query. Known by their shape and not by their place, so that a new kind of link is covered before anyone thinks of it: a run
/// of at least 43 characters of base64url is 256 random bits, or a part of a JWT.
/// </summary>
public static partial class Bearers
{
    /// <summary>The text with <c>***</c> in their place.</summary>
    public static string Hide(string text) =>
        text.Length < 2 ? text : Token().Replace(text.Contains('=', StringComparison.Ordinal) ? QueryValue().Replace(text, "***") : text, "***");

    [GeneratedRegex("[A-Za-z0-9_-]{43,}")]
    private static partial Regex Token();

    [GeneratedRegex("""(?<=[?&][A-Za-z0-9_.\-\[\]]+=)[^&\s"'#]+""")]
    private static partial Regex QueryValue();
}
