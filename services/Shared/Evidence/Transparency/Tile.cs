using System.Buffers.Binary;
using System.Globalization;

namespace VolunteerBook.Evidence.Transparency;

/// <summary>
/// Up to 256 neighbouring hashes of one level (C2SP tlog-tiles). Level 0 holds the leaves' hashes, each level above the hashes of the full tiles below. A
/// bundle of entries has the coordinates of the tile of level 0 with its hashes.
/// </summary>
/// <param name="Level">0 to 63.</param>
/// <param name="Index">From 0 within the level.</param>
/// <param name="Width">Hashes in it, 1 to 256; fewer than 256 make it partial.</param>
public readonly record struct Tile(int Level, long Index, int Width)
{
    /// <summary>Levels of the tree that a tile spans.</summary>
    public const int Height = 8;

    /// <summary>Hashes of a full tile.</summary>
    public const int FullWidth = 1 << Height;

    private const int MostLevel = 63;
    private const string Entries = "entries";

    /// <summary>The address below <c>tile/</c>, e.g. <c>0/x001/234</c> or <c>1/000.p/7</c>.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"{Level}/{Place}");

    /// <summary>The address below <c>tile/</c> of the entries, e.g. <c>entries/x001/234</c>.</summary>
    public string EntriesPath => $"{Entries}/{Place}";

    /// <summary>How many hashes of a level a tree of this size has.</summary>
    public static long HashesOf(int level, long size) => level * Height > 62 ? 0 : size >> (level * Height);

    /// <summary>The tile that holds a hash of a level, as wide as a tree of this size has it.</summary>
    public static Tile Of(int level, long hash, long size)
    {
        var index = hash / FullWidth;
        return new Tile(level, index, (int)Math.Min(FullWidth, HashesOf(level, size) - index * FullWidth));
    }

    /// <summary>Whether a tree of this size has the tile.</summary>
    public bool IsIn(long size) => Index <= HashesOf(Level, size) / FullWidth && Index * FullWidth + Width <= HashesOf(Level, size);

    /// <summary>Reads an address below <c>tile/</c>: one form for each tile, no other is taken.</summary>
    /// <param name="path">E.g. <c>0/x001/234.p/5</c> or <c>entries/000</c>.</param>
    /// <param name="tile">The tile, or that with the entries' hashes.</param>
    /// <param name="entries">Whether the entries are meant.</param>
    public static bool TryParse(string path, out Tile tile, out bool entries)
    {
        tile = default;
        var (place, partial) = path.Split(".p/") is [var before, var after] ? (before, after) : (path, null);
        var elements = place.Split('/');
        entries = elements[0] == Entries;
        if (elements.Length is < 2 or > 6 || !Number(entries ? "0" : elements[0], out var level) || level > MostLevel
            || !Number(partial ?? "256", out var width) || width is < 1 or > FullWidth
            || !Number(string.Concat(elements.Skip(1)).Replace("x", "", StringComparison.Ordinal), out var index))
        {
            return false;
        }

        tile = new Tile((int)level, index, (int)width);
        return path == (entries ? tile.EntriesPath : tile.Path);
    }

    /// <summary>A bundle of entries: each with its length before it, 16 bits, big-endian.</summary>
    /// <exception cref="OverflowException">An entry is longer than 65,535 bytes.</exception>
    public static byte[] Bundle(IEnumerable<byte[]> entries)
    {
        using var bundle = new MemoryStream();
        Span<byte> length = stackalloc byte[2];
        foreach (var entry in entries)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, checked((ushort)entry.Length));
            bundle.Write(length);
            bundle.Write(entry);
        }

        return bundle.ToArray();
    }

    /// <summary>The entries of a bundle.</summary>
    /// <exception cref="FormatException">It ends within an entry.</exception>
    public static IReadOnlyList<byte[]> Unbundle(ReadOnlySpan<byte> bundle)
    {
        var entries = new List<byte[]>();
        while (!bundle.IsEmpty)
        {
            if (bundle.Length < 2 || bundle.Length - 2 < BinaryPrimitives.ReadUInt16BigEndian(bundle))
            {
                throw new FormatException("The bundle ends within an entry.");
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle);
            entries.Add(bundle.Slice(2, length).ToArray());
            bundle = bundle[(2 + length)..];
        }

        return entries;
    }

    private string Place
    {
        get
        {
            var place = (Index % 1000).ToString("000", CultureInfo.InvariantCulture);
            for (var rest = Index / 1000; rest > 0; rest /= 1000)
            {
                place = string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:000}/{place}");
            }

            return Width == FullWidth ? place : string.Create(CultureInfo.InvariantCulture, $"{place}.p/{Width}");
        }
    }

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
