using System.Text;
using VolunteerBook.Evidence.Pdf;

namespace VolunteerBook.Evidence.Extracts;

/// <summary>A text of a document that our fonts do not write.</summary>
/// <param name="Field">Which: <c>holder.name</c>, <c>entries[3].project</c>.</param>
/// <param name="Text">The text: a field's number in a list tells its reader nothing.</param>
/// <param name="Characters">The characters, each once.</param>
public sealed record Unwritten(string Field, string Text, IReadOnlyList<Rune> Characters)
{
    /// <summary>The most of them that a sentence names.</summary>
    public const int Most = 20;

    /// <summary>The characters with spaces between, as a problem's member <c>characters</c> has them.</summary>
    public string Listed => string.Join(' ', Characters.Take(Most));

    /// <summary>The rule as a sentence in English, with the characters and their code points.</summary>
    public string Rule => $"Documents cannot write these characters: {string.Join(", ", Characters.Take(Most).Select(one => $"{Seen(one)}U+{one.Value:X4}"))}{(Characters.Count > Most ? ", …" : "")}.";

    private static string Seen(Rune one) => Rune.IsLetterOrDigit(one) || Rune.IsPunctuation(one) || Rune.IsSymbol(one) ? $"{one} " : "";
}

/// <summary>
/// Whether the pages can say what the document says. They can in Latin with all its marks, Cyrillic, Greek, Georgian, Armenian, Arabic, Hebrew, Devanagari, Thai, and the Chinese of GB 2312. Where they cannot, the
/// document is not issued: a box or a question mark under a signature is worse than none.
/// </summary>
public static class Writing
{
    /// <summary>What of a text cannot be written; null where all of it can, or there is none.</summary>
    public static Unwritten? Missing(string field, string? text) => text is not null && Typeface.Missing(text) is [_, ..] characters ? new(field, text, characters) : null;

    /// <summary>Every text of a document that cannot be written.</summary>
    public static IReadOnlyList<Unwritten> Missing(ExtractDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return
        [
            .. new (string Field, string? Text)[] { ("issuer", document.Issuer), ("holder.name", document.Holder.Name), ("scope.name", document.Scope.Name) }
                .Concat(Texts("entries", document.Entries)).Concat(Texts("claimed.entries", document.Claimed?.Entries ?? []))
                .Select(one => Missing(one.Field, one.Text)).OfType<Unwritten>(),
        ];
    }

    private static IEnumerable<(string Field, string? Text)> Texts(string list, IReadOnlyList<ExtractEntry> entries) => entries.Index().SelectMany(entry => new (string Field, string? Text)[]
    {
        ($"{list}[{entry.Index}].organisation", entry.Item.Organisation),
        ($"{list}[{entry.Index}].project", entry.Item.Project),
        ($"{list}[{entry.Index}].place", entry.Item.Place),
    });
}
