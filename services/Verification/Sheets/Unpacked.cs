using System.Buffers;
using System.IO.Compression;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// How much a workbook makes of its bytes. It is an archive of XML, a thousandth in size of what comes out of it, and who reads it keeps some of that: so it is
/// looked through first, in memory that does not grow. Neither lengths that the archive states nor the names of its parts are relied on.
/// </summary>
internal static class Unpacked
{
    /// <summary>Of all parts together. A hundred thousand rows of ten columns have some 50 MB.</summary>
    private const long MostBytes = 128 * 1024 * 1024;

    /// <summary>A cell, a row or a text is one; any other element, of which a reader makes something that it keeps, is sixteen.</summary>
    private const long MostElements = 4_000_000;

    /// <summary>From one tag to the next. Excel's longest text has 32,767 characters; a picture may be longer.</summary>
    private const int MostBytesOfAText = 4 * 1024 * 1024;

    private const int LongestName = 6;

    private static readonly SearchValues<byte> AfterName = SearchValues.Create(" >/\r\n\t"u8);

    /// <summary>Whether what is in it stays within these bounds.</summary>
    /// <exception cref="InvalidDataException">It is no archive.</exception>
    public static bool IsBounded(Stream document)
    {
        document.Position = 0;
        using var archive = new ZipArchive(document, ZipArchiveMode.Read, leaveOpen: true);
        var (bytes, elements) = (0L, 0L);
        var buffer = new byte[64 * 1024];
        foreach (var entry in archive.Entries)
        {
            using var part = entry.Open();
            var (kept, run) = (0, 0);
            int read;
            while ((read = part.Read(buffer, kept, buffer.Length - kept)) > 0)
            {
                bytes += read;
                var text = buffer.AsSpan(0, kept + read);
                for (var tag = text.IndexOf((byte)'<'); tag >= 0 && text.Length > tag + LongestName; tag = text.IndexOf((byte)'<'))
                {
                    elements += Weight(text.Slice(tag + 1, LongestName));
                    if (run + tag > MostBytesOfAText)
                    {
                        return false;
                    }

                    text = text[(tag + 1)..];
                    run = 0;
                }

                // A tag that the buffer cuts off is looked at with what follows.
                var cut = text.IndexOf((byte)'<');
                var rest = cut < 0 ? [] : text[cut..];
                run += text.Length - rest.Length;
                rest.CopyTo(buffer);
                kept = rest.Length;
                if (bytes > MostBytes || elements > MostElements || run > MostBytesOfAText)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static int Weight(ReadOnlySpan<byte> tag)
    {
        if (tag[0] == '/')
        {
            return 0;
        }

        // A prefix says which vocabulary it is and nothing else.
        var end = tag.IndexOfAny(AfterName);
        var name = end < 0 ? tag : tag[..end];
        name = name[(name.IndexOf((byte)':') + 1)..];
        return name.SequenceEqual("v"u8) || name.SequenceEqual("t"u8) || name.SequenceEqual("is"u8) || name.SequenceEqual("f"u8) ? 0
            : name.SequenceEqual("c"u8) || name.SequenceEqual("row"u8) || name.SequenceEqual("si"u8) ? 1
            : 16;
    }
}
