using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Pdf;

namespace VolunteerBook.Documents.Extracts;

/// <summary>
/// Whether the pages can say what a document says, asked of the fonts themselves. Where they cannot, the document is not issued (see <see cref="Writing"/>).
/// </summary>
public static class Typesetting
{
    /// <summary>What of a text cannot be written; null where all of it can, or there is none.</summary>
    public static Unwritten? Missing(string field, string? text) =>
        text is not null && Typeface.Missing(text) is [_, ..] characters ? new(field, text, characters) : null;

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

    private static IEnumerable<(string Field, string? Text)> Texts(string list, IReadOnlyList<ExtractEntry> entries) =>
        entries.Index().SelectMany(entry => new (string Field, string? Text)[]
        {
            ($"{list}[{entry.Index}].organisation", entry.Item.Organisation),
            ($"{list}[{entry.Index}].project", entry.Item.Project),
            ($"{list}[{entry.Index}].place", entry.Item.Place),
        });
}
