using System.Buffers.Binary;
using System.Text;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>A text with signatures below it (C2SP signed-note).</summary>
public static class SignedNote
{
    internal const string SignatureMark = "— ";
    private const int MostBytes = 1_000_000;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// The text of a note that the verifier's key signed, with its last new line; null where it is not a note, or not signed, or not as it was signed.
    /// Signatures of other keys are passed over, as the specification asks.
    /// </summary>
    public static string? Open(ReadOnlySpan<byte> note, NoteVerifier verifier)
    {
        if (Decode(note) is not { } all || all.LastIndexOf("\n\n", StringComparison.Ordinal) is not (>= 0 and var blank))
        {
            return null;
        }

        var text = all[..(blank + 1)];
        var message = Strict.GetBytes(text);
        var signed = false;
        foreach (var line in all[(blank + 2)..].Split('\n')[..^1])
        {
            if (!line.StartsWith(SignatureMark, StringComparison.Ordinal)
                || line[SignatureMark.Length..].Split(' ') is not [{ Length: > 0 } name, var encoded]
                || FromBase64(encoded) is not { Length: > sizeof(uint) } signature)
            {
                return null;
            }

            if (name != verifier.Name || BinaryPrimitives.ReadUInt32BigEndian(signature) != verifier.Id)
            {
                continue;
            }

            if (!verifier.Verify(message, signature[sizeof(uint)..]))
            {
                return null;
            }

            signed = true;
        }

        return signed ? text : null;
    }

    /// <summary>Base64 (RFC 4648, 4) in its one canonical form, or null: .NET also takes white space and stray bits at the end.</summary>
    internal static byte[]? FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && Convert.ToBase64String(bytes, 0, length) == text ? bytes[..length] : null;
    }

    private static string? Decode(ReadOnlySpan<byte> note)
    {
        try
        {
            return note.Length is > 0 and <= MostBytes && note[^1] == '\n' && Strict.GetString(note) is var text && !text.Any(c => c < ' ' && c != '\n')
                ? text
                : null;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
