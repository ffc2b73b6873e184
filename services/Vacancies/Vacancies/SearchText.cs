using System.Text;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>
/// Text as it is searched: without case, with ё as е, in one Unicode form. Made here and not in SQL, because what PostgreSQL takes for lower case depends on the
/// locale that the cluster was made with, and a C locale knows no Cyrillic.
/// </summary>
public static class SearchText
{
    public static string Fold(string text) => text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Replace('ё', 'е');

    /// <summary>The words that must all occur.</summary>
    public static string[] Words(string? query) =>
        query is null ? [] : Fold(query).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
