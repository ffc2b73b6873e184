using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Extracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>Nothing is issued that our fonts cannot write, and no entry gets into a book that would stand in the way of all documents over it.</summary>
internal static class CharactersNotWritten
{
    private const string Code = "characters-not-written";

    /// <summary>The most of the texts that a problem repeats.</summary>
    private const int MostTexts = 5;

    /// <summary>
    /// All texts of a document that cannot be written, each with its field; null where there are none. The problem's <c>characters</c> has all of the
    /// characters, each once; its <c>texts</c> has the texts, so that the holder of a long book knows which entry is meant.
    /// </summary>
    public static Refusal? In(ExtractDocument document) => Of(Typesetting.Missing(document), StatusCodes.Status409Conflict);

    /// <summary>The same of what an entry says itself: bad input (400) while it can still be changed, and later what forbids its certificate (409).</summary>
    public static Refusal? In(string project, string? place, int status = StatusCodes.Status400BadRequest) =>
        Of([.. new[] { Typesetting.Missing("project", project), Typesetting.Missing("place", place) }.OfType<Unwritten>()], status);

    private static Refusal? Of(IReadOnlyList<Unwritten> texts, int status)
    {
        var characters = string.Join(' ', texts.SelectMany(text => text.Characters).Distinct().Take(Unwritten.Most));
        var extensions =
            new Dictionary<string, object?> { ["characters"] = characters, ["texts"] = texts.Select(text => text.Text).Distinct().Take(MostTexts).ToList() };
        return Refusal.All(texts.Select(text => new Refusal(Code, status, text.Rule, text.Field) { Extensions = extensions }));
    }
}
