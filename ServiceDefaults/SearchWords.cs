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

    /// <summary>
    /// The words of a query, folded: all of them must occur. None where nothing is asked, and at most the first ten: each is looked for by itself.
    /// </summary>
    /// <param name="query">What was typed.</param>
    /// <param name="fold">Where what is searched was folded in another way than by <see cref="Fold"/>.</param>
    public static string[] Of(string? query, Func<string, string>? fold = null) =>
        [.. (fold ?? Fold)(query ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().Take(Most)];

    private const int Most = 10;
}
