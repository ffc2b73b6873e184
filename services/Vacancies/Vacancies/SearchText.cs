using System.Text;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>
/// Text as it is searched: without case, with ё as е, in one Unicode form. Made here and not in SQL, because what PostgreSQL takes for lower case depends on
/// the locale that the cluster was made with, and a C locale knows no Cyrillic.
/// </summary>
public static class SearchText
{
    /// <summary>
    /// Whether a vacancy has a word, or its organisation's name a word that begins so; the values are the word and the word after a space. Documents that were
    /// stored before there was such a text are found by their titles and names as they are.
    /// </summary>
    internal const string Found =
        """
        (strpos(coalesce(search_text, data ->> 'searchTitle'), ?) > 0
            or organisation_id in (select id from mt_doc_coordination where strpos(coalesce(search_name, ' ' || lower(data ->> 'name')), ?) > 0))
        """;

    public static string Fold(string text) => text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Replace('ё', 'е');

    /// <summary>
    /// A name by which it is found by the beginnings of its words: each after a space, without signs. Inside of words one would find «дом» in «рядом».
    /// </summary>
    public static string? Name(string? text) =>
        text is null ? null : " " + string.Join(' ', Words(string.Concat(text.Select(c => char.IsLetterOrDigit(c) ? c : ' '))));

    /// <summary>The words that must all occur.</summary>
    public static string[] Words(string? query) =>
        query is null ? [] : Fold(query).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
