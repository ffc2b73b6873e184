using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using HarfBuzzSharp;

namespace VolunteerBook.Documents.Pdf;

/// <summary>
/// A font of ours, opened for shaping once and for all documents, and what a PDF must know of it. Lengths in the font's own units, of
/// which <see cref="UnitsPerEm"/> make the size.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Opened once, and used as long as the process lives.")]
internal sealed partial class FontFile
{
    /// <summary>
    /// What is asked for a letter that the document's own face lacks, in this order. Latin with all its marks, Greek and
    /// Cyrillic of other languages; signs such as ≤ and √; then a script each.
    /// </summary>
    private static readonly string[] OfOtherScripts =
    [
        "NotoSans-Regular", "PTSans-Regular", "NotoSansGeorgian-Regular", "NotoSansArmenian-Regular", "NotoSansArabic-Regular", "NotoSansHebrew-Regular",
        "NotoSansDevanagari-Regular", "NotoSansThai-Regular",
        "NotoSansSC-Regular",
    ];

    private static readonly ConcurrentDictionary<string, FontFile> Opened = new(StringComparer.Ordinal);

    private readonly byte[] _bytes;
    private readonly Face _face;

    private FontFile(string name)
    {
        using var resource = typeof(FontFile).Assembly.GetManifestResourceStream(name + ".ttf")
            ?? throw new FileNotFoundException("There is no such font.", name);
        Name = name;
        // HarfBuzz reads the bytes where they are as long as the face lives; Blob.FromStream would let them be moved.
        _bytes = GC.AllocateUninitializedArray<byte>((int)resource.Length, pinned: true);
        resource.ReadExactly(_bytes);
        using var blob = new Blob(Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0), _bytes.Length, MemoryMode.ReadOnly);
        _face = new Face(blob, 0);
        _face.MakeImmutable();
        Font = new Font(_face);
        Font.SetFunctionsOpenType();
        UnitsPerEm = _face.UnitsPerEm;
        Font.SetScale(UnitsPerEm, UnitsPerEm);
        // OpenType, table head: xMin, yMin, xMax and yMax at 36.
        using var head = _face.ReferenceTable(Tag.Parse("head"));
        Box = [.. Enumerable.Range(0, 4).Select(i => (int)BinaryPrimitives.ReadInt16BigEndian(head.AsSpan()[(36 + (2 * i))..]))];
        Font.TryGetHorizontalFontExtents(out var extents);
        (Ascender, Descender) = (extents.Ascender, extents.Descender);
    }

    /// <summary>The file's name without its ending, which is the font's PostScript name too.</summary>
    public string Name { get; }

    public Font Font { get; }

    public int UnitsPerEm { get; }

    /// <summary>What all glyphs fit in: left, bottom, right, top.</summary>
    public IReadOnlyList<int> Box { get; }

    public int Ascender { get; }

    public int Descender { get; }

    /// <summary>A face, and the fonts that stand in for it, in the order in which they are asked.</summary>
    public static IReadOnlyList<FontFile> OfFace(string name) =>
        [.. OfOtherScripts.Prepend(name).Select(one => Opened.GetOrAdd(one, static one => new FontFile(one)))];

    /// <summary>Whether the font has a glyph for the character.</summary>
    public bool Has(Rune rune) => Font.TryGetNominalGlyph((uint)rune.Value, out _);

    /// <summary>The font with these glyphs and their parts only, each under its own number.</summary>
    public byte[] Subset(IEnumerable<uint> glyphs)
    {
        var input = hb_subset_input_create_or_fail();
        try
        {
            foreach (var glyph in glyphs)
            {
                hb_set_add(hb_subset_input_glyph_set(input), glyph);
            }

            // Shaping is done: its tables stay out. Neither do the letters' codes matter any more.
            foreach (var table in new[] { "GSUB", "GPOS", "GDEF", "cmap", "name", "post", "OS/2", "DSIG", "STAT", "kern", "meta" })
            {
                hb_set_add(hb_subset_input_set(input, DropTables), Tag.Parse(table));
            }

            hb_subset_input_set_flags(input, NoHinting | RetainGlyphIds | KeepNotdef);
            var subset = hb_subset_or_fail(_face.Handle, input);
            if (subset == 0)
            {
                throw new InvalidOperationException($"{Name} could not be reduced to the characters needed.");
            }

            var blob = hb_face_reference_blob(subset);
            try
            {
                var data = hb_blob_get_data(blob, out var length);
                var bytes = new byte[length];
                Marshal.Copy(data, bytes, 0, bytes.Length);
                return bytes;
            }
            finally
            {
                hb_blob_destroy(blob);
                hb_face_destroy(subset);
            }
        }
        finally
        {
            hb_subset_input_destroy(input);
            GC.KeepAlive(_face);
        }
    }

    // hb-subset.h: HB_SUBSET_FLAGS_NO_HINTING, _RETAIN_GIDS, _NOTDEF_OUTLINE; HB_SUBSET_SETS_DROP_TABLE_TAG.
    private const uint NoHinting = 0x1;
    private const uint RetainGlyphIds = 0x2;
    private const uint KeepNotdef = 0x40;
    private const int DropTables = 3;
    private const string Library = "libHarfBuzzSharp";

    // HarfBuzz's own subsetting (hb-subset.h) is in the library that HarfBuzzSharp brings, and not in its managed face.
    [LibraryImport(Library)] private static partial nint hb_subset_input_create_or_fail();
    [LibraryImport(Library)] private static partial void hb_subset_input_destroy(nint input);
    [LibraryImport(Library)] private static partial nint hb_subset_input_glyph_set(nint input);
    [LibraryImport(Library)] private static partial nint hb_subset_input_set(nint input, int which);
    [LibraryImport(Library)] private static partial void hb_subset_input_set_flags(nint input, uint flags);
    [LibraryImport(Library)] private static partial void hb_set_add(nint set, uint value);
    [LibraryImport(Library)] private static partial nint hb_subset_or_fail(nint face, nint input);
    [LibraryImport(Library)] private static partial nint hb_face_reference_blob(nint face);
    [LibraryImport(Library)] private static partial void hb_face_destroy(nint face);
    [LibraryImport(Library)] private static partial nint hb_blob_get_data(nint blob, out uint length);
    [LibraryImport(Library)] private static partial void hb_blob_destroy(nint blob);
}
