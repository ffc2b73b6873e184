using System.Formats.Asn1;

namespace VolunteerBook.Evidence.Signatures;

/// <summary>
/// Whether DER (X.690) that a stranger hands in is small and flat enough for a parser, which follows it as deep as it goes and sorts every set. Looks at tags
/// and lengths only, once, and needs no memory.
/// </summary>
internal static class DerBounds
{
    /// <summary>The most bytes of a CMS signature or a certificate. Ours have 3 KiB, those of Russian authorities up to 20.</summary>
    public const int MostBytes = 64 * 1024;

    // A certificate's name lies 17 deep in a time-stamp inside a signature.
    private const int Deepest = 32;

    private const int MostElements = 4096;

    /// <summary>Whether it is one value, written in DER, within the bounds.</summary>
    public static bool Hold(ReadOnlySpan<byte> der)
    {
        if (der.Length > MostBytes)
        {
            return false;
        }

        Span<int> ends = stackalloc int[Deepest + 1];
        ends[0] = der.Length;
        var (depth, at) = (0, 0);
        for (var elements = 0; elements <= MostElements; elements++)
        {
            while (at == ends[depth])
            {
                if (depth-- == 0)
                {
                    return elements > 0;
                }
            }

            if (!AsnDecoder.TryReadEncodedValue(der[at..ends[depth]], AsnEncodingRules.DER, out var tag, out var offset, out var length, out var consumed))
            {
                return false;
            }

            if (!tag.IsConstructed)
            {
                at += consumed;
            }
            else if (depth == Deepest)
            {
                return false;
            }
            else
            {
                at += offset;
                ends[++depth] = at + length;
            }
        }

        return false;
    }
}
