using System.Text;
using VolunteerBook.Evidence.Pdf;

namespace VolunteerBook.Evidence.Extracts;

/// <summary>A text of a document that our fonts do not write.</summary>
/// <param name="Field">Which: <c>holder.name</c>, <c>entries[3].project</c>.</param>
/// <param name="Characters">The characters, each once.</param>
public sealed record Unwritten(string Field, IReadOnlyList<Rune> Characters);

/// <summary>
/// Whether the pages can say what the document says. They can in Latin with all its marks, Cyrillic, Greek, Georgian, Armenian, and the Chinese of GB 2312. They cannot in what has to be shaped, or runs
/// from right to left, such as Arabic and Hebrew, and in scripts that we have no font for. A document is not issued then: a question mark under a signature is worse than none.
/// </summary>
public static class Writing
{
    /// <summary>Every text that cannot be written.</summary>
    public static IReadOnlyList<Unwritten> Missing(ExtractDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        (string Field, string? Text)[] texts =
        [
            ("issuer", document.Issuer),
            ("holder.name", document.Holder.Name),
            ("scope.name", document.Scope.Name),
            .. document.Entries.Index().SelectMany(entry => new (string, string?)[]
            {
                ($"entries[{entry.Index}].organisation", entry.Item.Organisation),
                ($"entries[{entry.Index}].project", entry.Item.Project),
                ($"entries[{entry.Index}].place", entry.Item.Place),
            }),
        ];
        return [.. texts.Select(one => new Unwritten(one.Field, Typeface.Missing(one.Text ?? ""))).Where(one => one.Characters.Count > 0)];
    }
}
