using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>Where the words of a search are looked for: texts as <see cref="SearchWords"/> folds them.</summary>
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

    /// <summary>
    /// A name by which it is found by the beginnings of its words: each after a space, without signs. Inside of words one would find «дом» in «рядом».
    /// </summary>
    public static string? Name(string? text) =>
        text is null ? null : " " + string.Join(' ', SearchWords.Of(string.Concat(text.Select(c => char.IsLetterOrDigit(c) ? c : ' '))));
}
