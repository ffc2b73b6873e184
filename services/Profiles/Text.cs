using System.Text;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles;

/// <summary>A line or a paragraph that somebody typed: what is kept of it.</summary>
internal static class Text
{
    /// <summary>Without space at the ends, in Unicode's composed form; null where nothing is left.</summary>
    public static string? Clean(string? value) => value?.Trim() switch
    {
        null or "" => null,
        var trimmed => trimmed.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) ? trimmed : trimmed.Normalize(NormalizationForm.FormC),
    };

    /// <summary>A text of one line that must be there; lengths in UTF-16 code units.</summary>
    public static Refusal? Line(string field, string? value, int most, int least = 1) => Rules.Text(field, value, most, least) ?? OneLine(field, value);

    /// <summary>A text of one line that may be left out.</summary>
    public static Refusal? OptionalLine(string field, string? value, int most) => Rules.OptionalText(field, value, most) ?? OneLine(field, value);

    private static Refusal? OneLine(string field, string? value) =>
        value is not null && value.Trim().Any(c => c is '\n' or '\r' or '\t' or '\u2028' or '\u2029')
            ? Refusal.Invalid("text-of-lines", field, $"The field {field} must be a single line.")
            : null;
}
