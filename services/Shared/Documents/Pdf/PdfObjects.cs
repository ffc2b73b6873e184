using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace VolunteerBook.Documents.Pdf;

/// <summary>Objects of a PDF one behind the other, and the table of where they are (ISO 32000-2, 7.3 and 7.5).</summary>
internal abstract class PdfObjects
{
    private readonly List<byte> _bytes = [];

    protected PdfObjects(byte[] before) => _bytes.AddRange(before);

    /// <summary>Where each object begins, by number.</summary>
    protected SortedDictionary<long, long> Offsets { get; } = [];

    /// <summary>The number that the next new object has.</summary>
    protected long Next { get; set; } = 1;

    /// <summary>A number for a new object.</summary>
    public long Number() => Next++;

    /// <summary>Writes a new object, or an old one anew. Where its bytes begin in the finished file.</summary>
    public long Write(long number, string content) => Write(number, Encoding.Latin1.GetBytes(content));

    /// <inheritdoc cref="Write(long, string)"/>
    public long Write(long number, byte[] content)
    {
        Text("\n");
        Offsets[number] = _bytes.Count;
        Text($"{number} 0 obj\n");
        var at = _bytes.Count;
        _bytes.AddRange(content);
        Text("\nendobj\n");
        return at;
    }

    /// <summary>Writes a stream object, compressed.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="entries">The dictionary's entries but those that say how it is packed; a font's or a file's length unpacked among them.</param>
    /// <param name="content">What it holds.</param>
    public void WriteStream(long number, string entries, ReadOnlySpan<byte> content)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(content);
        }

        Write(
            number,
            [.. Encoding.Latin1.GetBytes($"<< {entries} /Filter /FlateDecode /Length {packed.Length} >>\nstream\n"), .. packed.ToArray(), .. "\nendstream"u8]);
    }

    /// <summary>A text string (ISO 32000-2, 7.9.2.2): UTF-16, big-endian, in hexadecimal.</summary>
    public static string TextString(string text) => "<FEFF" + Utf16(text) + ">";

    /// <summary>UTF-16, big-endian, in hexadecimal.</summary>
    public static string Utf16(string text) => Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(text));

    /// <summary>A date (ISO 32000-2, 7.9.4), to the second and with its distance from UTC.</summary>
    public static string Date(DateTimeOffset moment) =>
        string.Create(
            CultureInfo.InvariantCulture, $"(D:{moment:yyyyMMddHHmmss}{(moment.Offset < TimeSpan.Zero ? '-' : '+')}{moment.Offset:hh}'{moment.Offset:mm}')");

    /// <summary>Writes the cross-reference table (7.5.4) in its subsections: the first number, and where each object begins. Where the table begins.</summary>
    protected long Table(IEnumerable<(long First, IReadOnlyList<long> Offsets)> sections)
    {
        Text("\n");
        var start = _bytes.Count;
        Text("xref\n");
        foreach (var (first, offsets) in sections)
        {
            Text($"{first} {offsets.Count}\n");
            foreach (var offset in offsets)
            {
                // An entry is 20 bytes. Nothing begins where the file does but the list of free numbers.
                Text(offset == 0 ? "0000000000 65535 f \n" : $"{offset:D10} 00000 n \n");
            }
        }

        return start;
    }

    /// <summary>The whole file, with its trailer (7.5.5).</summary>
    protected byte[] End(string trailer, long table)
    {
        Text($"trailer\n<<{trailer}>>\nstartxref\n{table}\n%%EOF\n");
        return [.. _bytes];
    }

    private void Text(FormattableString text) => _bytes.AddRange(Encoding.Latin1.GetBytes(text.ToString(CultureInfo.InvariantCulture)));

    private void Text(string text) => _bytes.AddRange(Encoding.Latin1.GetBytes(text));
}
