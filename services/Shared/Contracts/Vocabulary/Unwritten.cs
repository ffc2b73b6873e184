using System.Text;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A text that documents cannot write.</summary>
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
    public string Rule =>
        "Documents cannot print these "
        + $"characters: {string.Join(", ", Characters.Take(Most).Select(one => $"{Seen(one)}U+{one.Value:X4}"))}{(Characters.Count > Most ? ", …" : "")}.";

    private static string Seen(Rune one) => Rune.IsLetterOrDigit(one) || Rune.IsPunctuation(one) || Rune.IsSymbol(one) ? $"{one} " : "";
}
