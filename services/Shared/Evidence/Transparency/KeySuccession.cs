using System.Globalization;
using System.Text;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>
/// A log's key hands over to the next: a note (C2SP signed-note) that both have signed, so that whoever knows one of them for the log's knows the other. The
/// keys stand in its text, for nobody signs the signatures below a note. Its first line has spaces, which no origin has: it cannot be taken for a checkpoint.
/// </summary>
/// <param name="Earlier">The key that signs no checkpoint of more leaves.</param>
/// <param name="Later">The key that signs from there on.</param>
/// <param name="Size">Leaves of the last checkpoint of the earlier key.</param>
/// <param name="Root">The root of that checkpoint, 32 bytes.</param>
/// <param name="At">When, by the log's clock: UTC, whole seconds. Nothing is decided by it.</param>
/// <param name="Note">As it was signed.</param>
public sealed record KeySuccession(NoteVerifier Earlier, NoteVerifier Later, long Size, byte[] Root, DateTimeOffset At, string Note)
{
    private const string Form = "volunteerbook log key succession v1";
    private const string Moment = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The earlier key hands over to the later.</summary>
    /// <exception cref="ArgumentException">They are keys of different logs, or the same key.</exception>
    public static KeySuccession Sign(NoteSigner earlier, NoteSigner later, Checkpoint last, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        ArgumentNullException.ThrowIfNull(later);
        ArgumentNullException.ThrowIfNull(last);
        var note = later.AddTo(earlier.Sign(Text(earlier.Verifier.ToString(), later.Verifier.ToString(), last.Size, last.Root, at)));
        return Open(note) ?? throw new ArgumentException("A key can hand over only to another key of the same log.", nameof(later));
    }

    /// <summary>Reads one that anybody may have handed in; null where it is none, or one of both keys has not signed it as it is.</summary>
    public static KeySuccession? Open(string note)
    {
        ArgumentNullException.ThrowIfNull(note);
        if (note.LastIndexOf("\n\n", StringComparison.Ordinal) is not (>= 0 and var blank)
            || note[..blank].Split('\n') is not [Form, var size, var root, var at, var earlier, var later]
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var leaves)
            || SignedNote.FromBase64(root) is not { Length: MerkleTree.HashLength } hash
            || !DateTimeOffset.TryParseExact(at, Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
        {
            return null;
        }

        try
        {
            var read = new KeySuccession(NoteVerifier.Parse(earlier), NoteVerifier.Parse(later), leaves, hash, moment, note);
            // What is not written as it is here could be read in two ways.
            var text = Text(earlier, later, leaves, hash, moment);
            var signed = Encoding.UTF8.GetBytes(note);
            return earlier != later && read.Earlier.Name == read.Later.Name
                && SignedNote.Open(signed, read.Earlier) == text && SignedNote.Open(signed, read.Later) == text
                ? read
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Text(string earlier, string later, long size, byte[] root, DateTimeOffset at) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Form}\n{size}\n{Convert.ToBase64String(root)}\n{at.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)}\n{earlier}\n{later}\n");
}
