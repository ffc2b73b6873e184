using QRCoder;
using UglyToad.PdfPig.Content;
using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.Writer;

namespace VolunteerBook.Evidence.Pdf;

/// <summary>A colour, red, green and blue from 0 to 255.</summary>
internal readonly record struct Ink(byte Red, byte Green, byte Blue)
{
    public static readonly Ink Black = new(0x1A, 0x1A, 0x1A);
    public static readonly Ink Grey = new(0x5C, 0x64, 0x70);
    public static readonly Ink Line = new(0xC3, 0xCA, 0xD3);
    public static readonly Ink Shade = new(0xF1, 0xF4, 0xF8);
    public static readonly Ink Accent = new(0x1B, 0x3F, 0x73);
}

/// <summary>A4 pages that text is set on from the top down. All measures in points; x from the left edge, y from the top edge.</summary>
internal sealed class Sheet : IDisposable
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

    private readonly PdfDocumentBuilder _document = new();
    private readonly List<PdfPageBuilder> _pages = [];

    public Sheet(string title, string author, string subject)
    {
        _document.DocumentInformation.Title = title;
        _document.DocumentInformation.Author = author;
        _document.DocumentInformation.Subject = subject;
        _document.DocumentInformation.Creator = "VolunteerBook";
        _document.DocumentInformation.Producer = "VolunteerBook";
        NewPage();
        Regular = new Typeface(_document, Typeface.Regular);
        Bold = new Typeface(_document, Typeface.Bold);
    }

    public Typeface Regular { get; }

    public Typeface Bold { get; }

    /// <summary>How far down the page the next text begins.</summary>
    public double Y { get; set; }

    /// <summary>How many pages there are by now.</summary>
    public int Pages => _pages.Count;

    private PdfPageBuilder Page { get; set; } = null!;

    /// <summary>Goes on at the top of a new page.</summary>
    public void NewPage()
    {
        Page = _document.AddPage(PageSize.A4);
        _pages.Add(Page);
        Y = Margin;
    }

    /// <summary>Goes to a page that is there already, counted from 1: for heads and feet.</summary>
    public void TurnTo(int page) => Page = _pages[page - 1];

    /// <summary>A line of text with its baseline at y.</summary>
    public void Text(string text, double x, double y, double size, Typeface? face = null, Ink? ink = null)
    {
        var (red, green, blue) = ((ink ?? Ink.Black).Red, (ink ?? Ink.Black).Green, (ink ?? Ink.Black).Blue);
        var shown = (face ?? Regular).Shown(text);
        if (shown.Length > 0)
        {
            Page.SetTextAndFillColor(red, green, blue);
            (face ?? Regular).Draw(Page, shown, size, x, PageHeight - y);
        }
    }

    /// <summary>A line of text that ends at x.</summary>
    public void TextBefore(string text, double x, double y, double size, Typeface? face = null, Ink? ink = null) =>
        Text(text, x - (face ?? Regular).Width((face ?? Regular).Shown(text), size), y, size, face, ink);

    /// <summary>A line of text around the middle of the page.</summary>
    public void TextCentred(string text, double y, double size, Typeface? face = null, Ink? ink = null) =>
        Text(text, (PageWidth - (face ?? Regular).Width((face ?? Regular).Shown(text), size)) / 2, y, size, face, ink);

    /// <summary>Text over as many lines as it needs, from <see cref="Y"/> on, which moves to below it.</summary>
    public void Paragraph(string text, double x, double width, double size, double leading, Typeface? face = null, Ink? ink = null)
    {
        foreach (var line in Wrap(text, width, size, face ?? Regular))
        {
            Text(line, x, Y + size, size, face, ink);
            Y += leading;
        }
    }

    /// <summary>
    /// The text in lines no wider than the width: broken at spaces and after hyphens, and within a word only where it is wider by itself. The comma after a word that just fits hangs over: it would stand
    /// alone on a line otherwise.
    /// </summary>
    public static IReadOnlyList<string> Wrap(string text, double width, double size, Typeface face)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in Words(face.Shown(text)))
        {
            if (line.Length > 0 && face.Width(line + word.TrimEnd(), size) > width)
            {
                lines.Add(line.TrimEnd());
                line = "";
            }

            var rest = word;
            while (face.Width(rest.TrimEnd().TrimEnd(',', '.', ';', ':'), size) > width)
            {
                var fits = 1;
                while (fits < rest.Length && face.Width(rest[..(fits + 1)], size) <= width)
                {
                    fits++;
                }

                lines.Add(rest[..fits]);
                rest = rest[fits..];
            }

            line += rest;
        }

        if (line.TrimEnd().Length > 0 || lines.Count == 0)
        {
            lines.Add(line.TrimEnd());
        }

        return lines;
    }

    /// <summary>A straight line.</summary>
    public void Rule(double fromX, double fromY, double toX, double toY, Ink ink, double width = 0.5)
    {
        Page.SetStrokeColor(ink.Red, ink.Green, ink.Blue);
        Page.DrawLine(new PdfPoint(Round(fromX), Round(PageHeight - fromY)), new PdfPoint(Round(toX), Round(PageHeight - toY)), width);
    }

    /// <summary>A filled rectangle with its top left corner at the point.</summary>
    public void Fill(double x, double y, double width, double height, Ink ink)
    {
        // Without a stroke of the same colour the edges would be black.
        Page.SetStrokeColor(ink.Red, ink.Green, ink.Blue);
        Page.SetTextAndFillColor(ink.Red, ink.Green, ink.Blue);
        Page.DrawRectangle(new PdfPoint(Round(x), Round(PageHeight - y - height)), Round(width), Round(height), 0, fill: true);
    }

    /// <summary>A frame.</summary>
    public void Frame(double x, double y, double width, double height, Ink ink, double line)
    {
        Page.SetStrokeColor(ink.Red, ink.Green, ink.Blue);
        Page.DrawRectangle(new PdfPoint(Round(x), Round(PageHeight - y - height)), Round(width), Round(height), line);
    }

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
        Page.AddLink(address, new PdfRectangle(Round(x), Round(PageHeight - y - height), Round(x + width), Round(PageHeight - y)));

    /// <summary>The file.</summary>
    public byte[] Build() => _document.Build();

    public void Dispose() => _document.Dispose();

    private static double Round(double points) => Math.Round(points, 2);

    // Each word with what follows it up to the next. No break at a no-break space; one after a hyphen, a dash or a slash within a word.
    private static IEnumerable<string> Words(string text)
    {
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if ((text[i - 1] == ' ' && text[i] != ' ') || (text[i - 1] is '-' or '/' or '–' && char.IsLetterOrDigit(text[i]) && i - start > 2))
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
