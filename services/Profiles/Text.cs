using System.Text;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles;

/// <summary>A line or a paragraph that somebody typed: what is kept of it.</summary>
internal static class Text
{
    /// <summary>Without space at the ends, in Unicode's composed form; null where nothing of it is seen.</summary>
    public static string? Clean(string? value) => Written.Kept(value) switch
    {
        null => null,
        var trimmed => trimmed.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar) ? trimmed : trimmed.Normalize(NormalizationForm.FormC),
    };
}
