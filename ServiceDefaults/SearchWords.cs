using System.Text;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Text as it is searched: without case, with ё as е, in one Unicode form. Made here and not in SQL, because what PostgreSQL takes for lower case depends on
/// the locale that the cluster was made with, and a C locale knows no Cyrillic.
/// </summary>
public static class SearchWords
{
    /// <summary>A text or a query in the form in which the two are compared.</summary>
    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Replace('ё', 'е');
    }

    /// <summary>The words of a query, folded: all of them must occur. None where nothing is asked.</summary>
    public static string[] Of(string? query) =>
        query is null ? [] : Fold(query).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
