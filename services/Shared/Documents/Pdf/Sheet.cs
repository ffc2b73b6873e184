using System.Globalization;
using QRCoder;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Documents.Pdf;

/// <summary>
/// A colour, red, green and blue from 0 to 255. Those with a name are the ones of the portal in the light (<c>services/Shared/Design/css/tokens.css</c>).
/// </summary>
internal readonly record struct Ink(byte Red, byte Green, byte Blue)
{
    public static readonly Ink Black = new(0x1A, 0x21, 0x30);
    public static readonly Ink Grey = new(0x53, 0x5D, 0x70);
    public static readonly Ink Line = new(0xD3, 0xD9, 0xE4);
    public static readonly Ink Shade = new(0xF4, 0xF6, 0xFA);
    public static readonly Ink Accent = new(0x26, 0x41, 0x8F);
}

/// <summary>A4 pages that text is set on from the top down. All measures in points; x from the left edge, y from the top edge.</summary>
internal sealed class Sheet
{
    /// <summary>Width of the page.</summary>
    public const double PageWidth = 595;

    /// <summary>Height of the page.</summary>
    public const double PageHeight = 842;

    /// <summary>Left and right margin.</summary>
    public const double Margin = 42;

    /// <summary>Where the text ends at the right.</summary>
    public const double Right = PageWidth - Margin;

    /// <summary>Where the text ends at the bottom; the foot is below.</summary>
    public const double Bottom = PageHeight - 58;

    private readonly PdfFile _file;
    private readonly List<PdfPage> _pages = [];

    public Sheet(string title, string author, string subject)
    {
        _file = new PdfFile(title, author, subject);
        NewPage();
    }

    public Typeface Regular { get; } = Typeface.Regular();

    public Typeface Bold { get; } = Typeface.Bold();

    /// <summary>How far down the page the next text begins.</summary>
    public double Y { get; set; }

    /// <summary>How many pages there are by now.</summary>
    public int Pages => _pages.Count;

    private PdfPage Page { get; set; } = null!;

    /// <summary>Goes on at the top of a new page.</summary>
    public void NewPage()
    {
        Page = _file.AddPage();
        _pages.Add(Page);
        Y = Margin;
    }

    /// <summary>Goes to a page that is there already, counted from 1: for heads and feet.</summary>
    public void TurnTo(int page) => Page = _pages[page - 1];

    /// <summary>A line of text with its baseline at y.</summary>
    public void Text(string text, double x, double y, double size, Typeface? face = null, Ink? ink = null)
    {
        var set = (face ?? Regular).Set(Writing.Shown(text));
        if (set.Count > 0)
        {
            Page.Text(set, size, x, PageHeight - y, ink ?? Ink.Black);
        }
    }

    /// <summary>A line of text that ends at x.</summary>
    public void TextBefore(string text, double x, double y, double size, Typeface? face = null, Ink? ink = null) =>
        Text(text, x - (face ?? Regular).Width(Writing.Shown(text), size), y, size, face, ink);

    /// <summary>A line of text around the middle of the page.</summary>
    public void TextCentred(string text, double y, double size, Typeface? face = null, Ink? ink = null) =>
        Text(text, (PageWidth - (face ?? Regular).Width(Writing.Shown(text), size)) / 2, y, size, face, ink);

    /// <summary>Goes on at the top of a new page where less is left of this one.</summary>
    public void Need(double height)
    {
        if (Y + height > Bottom)
        {
            NewPage();
        }
    }

    /// <summary>Text over as many lines and pages as it needs, from <see cref="Y"/> on, which moves to below it.</summary>
    public void Paragraph(string text, double x, double width, double size, double leading, Typeface? face = null, Ink? ink = null)
    {
        foreach (var line in Wrap(text, width, size, face ?? Regular))
        {
            Need(leading);
            Text(line, x, Y + size, size, face, ink);
            Y += leading;
        }
    }

    /// <summary>
    /// The text in lines no wider than the width: broken at spaces and after hyphens, and within a word only where it is wider by itself. The comma after a
    /// word that just fits hangs over: it would stand alone on a line otherwise.
    /// </summary>
    public static IReadOnlyList<string> Wrap(string text, double width, double size, Typeface face)
    {
        var shown = Writing.Shown(text);
        var lines = new List<string>();
        var (line, taken) = ("", 0.0);
        foreach (var word in Words(shown))
        {
            if (line.Length > 0 && taken + face.Width(word.TrimEnd(), size) > width)
            {
                lines.Add(line.TrimEnd());
                (line, taken) = ("", 0);
            }

            var rest = word;
            while (face.Width(rest.TrimEnd().TrimEnd(',', '.', ';', ':'), size) > width)
            {
                var fits = Fitting(rest, width, size, face);
                lines.Add(rest[..fits]);
                rest = rest[fits..];
            }

            line += rest;
            taken += face.Width(rest, size);
        }

        if (line.TrimEnd().Length > 0 || lines.Count == 0)
        {
            lines.Add(line.TrimEnd());
        }

        // A line goes the way that its paragraph goes, whatever it begins with (UAX #9, 3.3.1).
        var rightToLeft = Bidi.IsRightToLeft(shown);
        return [.. lines.Select(one => Bidi.IsRightToLeft(one) == rightToLeft ? one : (rightToLeft ? '\u200f' : '\u200e') + one)];
    }

    // How much of a word that is too wide goes on a line: whole letters with their marks, and one at least.
    private static int Fitting(string word, double width, double size, Typeface face)
    {
        var starts = StringInfo.ParseCombiningCharacters(word);
        var (fits, over) = (1, starts.Length);
        while (over - fits > 1)
        {
            var middle = (fits + over) / 2;
            (fits, over) = face.Width(word[..starts[middle]], size) <= width ? (middle, over) : (fits, middle);
        }

        return fits < starts.Length ? starts[fits] : word.Length;
    }

    /// <summary>A straight line.</summary>
    public void Rule(double fromX, double fromY, double toX, double toY, Ink ink, double width = 0.5) =>
        Page.Line(fromX, PageHeight - fromY, toX, PageHeight - toY, ink, width);

    /// <summary>A filled rectangle with its top left corner at the point.</summary>
    public void Fill(double x, double y, double width, double height, Ink ink) => Page.Fill(x, PageHeight - y - height, width, height, ink);

    /// <summary>A frame.</summary>
    public void Frame(double x, double y, double width, double height, Ink ink, double line) =>
        Page.Frame(x, PageHeight - y - height, width, height, ink, line);

    /// <summary>A stamp around what stands there: two lines, as on the portal.</summary>
    public void Stamp(double x, double y, double width, double height)
    {
        Frame(x, y, width, height, Ink.Accent, 0.6);
        Frame(x + 1.5, y + 1.5, width - 3, height - 3, Ink.Accent, 0.4);
    }

    /// <summary>The mark, with its top left corner at the point: <c>services/Shared/Design/icon.svg</c>, 32 units wide.</summary>
    public void Mark(double x, double y, double side) => Page.Draw(x, PageHeight - y, side / 32,
        $"""
        {PdfPage.Colour(Ink.Accent)} rg 7 0 m 25 0 l 28.9 0 32 3.1 32 7 c 32 25 l 32 28.9 28.9 32 25 32 c 7 32 l 3.1 32 0 28.9 0 25 c 0 7 l 0 3.1 3.1 0 7 0 c f
        1 g 8 7 m 22 7 l 23.1 7 24 7.9 24 9 c 24 25 l 11 25 l 9.3 25 8 23.7 8 22 c h f
        {PdfPage.Colour(Ink.Accent)} RG 1.6 w 8 22 m 8 20.3 9.3 19 11 19 c 24 19 l S
        1.8 w 20.1 13 m 20.1 15 18.5 16.6 16.5 16.6 c 14.5 16.6 12.9 15 12.9 13 c 12.9 11 14.5 9.4 16.5 9.4 c 18.5 9.4 20.1 11 20.1 13 c s
        """);

    /// <summary>A QR code (ISO/IEC 18004, error correction M) with its four modules of quiet around it.</summary>
    public void QrCode(string text, double x, double y, double side)
    {
        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        var module = side / code.ModuleMatrix.Count;
        for (var row = 0; row < code.ModuleMatrix.Count; row++)
        {
            var bits = code.ModuleMatrix[row];
            for (var start = 0; start < bits.Count; start++)
            {
                var end = start;
                while (end < bits.Count && bits[end])
                {
                    end++;
                }

                if (end > start)
                {
                    // A hair more than a module, so that no white line is left between rows.
                    Fill(x + (start * module), y + (row * module), (end - start) * module, module + 0.05, Ink.Black);
                    start = end;
                }
            }
        }
    }

    /// <summary>A place that opens the address when it is clicked.</summary>
    public void Link(string address, double x, double y, double width, double height) =>
        Page.Link(address, x, PageHeight - y - height, width, height);

    /// <summary>The file.</summary>
    public byte[] Build() => _file.Build();

    // Each word with what follows it up to the next. No break at a no-break space; one after a hyphen, a dash or a slash within a word, and between
    // Chinese characters, which have no spaces.
    private static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if ((text[i - 1] == ' ' && text[i] != ' ') || (text[i - 1] is '-' or '/' or '–' && char.IsLetterOrDigit(text[i]) && i - start > 2)
                || (text[i - 1] is >= '\u3400' and <= '\u9fff' && text[i] is >= '\u3400' and <= '\u9fff'))
            {
                yield return text[start..i];
                start = i;
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }
}
