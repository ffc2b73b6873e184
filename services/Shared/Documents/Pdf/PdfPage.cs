using System.Globalization;
using System.Text;

namespace VolunteerBook.Documents.Pdf;

/// <summary>What is drawn on a page. In points, x to the right and y upwards from the lower left corner.</summary>
internal sealed class PdfPage(PdfFile file)
{
    // What is less is not seen. In thousandths of the size.
    private const double Least = 0.05;

    // By how much of the size the stems of a bold face are wider than those of a regular one.
    private const double Thicker = 0.035;

    private readonly StringBuilder _content = new();
    private readonly List<(string Address, string Place)> _links = [];

    /// <summary>Sets a line of text with its baseline's left end at the point.</summary>
    public void Text(IEnumerable<Cluster> clusters, double size, double x, double y, Ink ink)
    {
        _content.Append(CultureInfo.InvariantCulture, $"BT {Colour(ink)} rg 1 0 0 1 {x:0.##} {y:0.##} Tm");
        var (of, rise, thick) = (default(EmbeddedFont), 0.0, false);
        foreach (var cluster in clusters)
        {
            if (cluster.Thick != thick)
            {
                thick = cluster.Thick;
                // Fill, then stroke around it, with round corners (9.3.6; 8.4.3).
                _content.Append(thick ? string.Create(CultureInfo.InvariantCulture, $" 2 Tr {Colour(ink)} RG {size * Thicker:0.###} w 1 j") : " 0 Tr");
            }

            var font = file.Font(cluster.Font);
            if (font != of)
            {
                _content.Append(CultureInfo.InvariantCulture, $" /{font.Name} {size:0.##} Tf");
                of = font;
            }

            // A glyph says what it shows (9.10.3). Of several that say it together, the span around them says it (14.9.4). But who reads a line from the right
            // reads backwards what a glyph or a span says: there each says one character, and the rest is said by blanks of no width to the right of it. The
            // letter is drawn before its marks, so that the next begins where it ends.
            string[] said = cluster.RightToLeft ? [.. cluster.Text.EnumerateRunes().Reverse().Select(rune => rune.ToString())] : [cluster.Text];
            var spanned = cluster.Glyphs.Count > 1;
            if (spanned)
            {
                _content.Append(CultureInfo.InvariantCulture, $" /Span <</ActualText {PdfObjects.TextString(said[0])}>> BDC");
            }

            var pen = 0.0;
            foreach (var (index, (glyph, at)) in Placed(cluster).Index())
            {
                if (glyph.Y != rise)
                {
                    rise = glyph.Y;
                    _content.Append(CultureInfo.InvariantCulture, $" {rise * size / 1000:0.###} Ts");
                }

                Show(at - pen, font.Code(glyph.Number, index == 0 ? said[0] : ""));
                pen = at + font.Width(glyph.Number);
            }

            // Who reads takes what is said above the line for another line.
            if (rise != 0 && said.Length > 1)
            {
                rise = 0;
                _content.Append(" 0 Ts");
            }

            foreach (var more in spanned ? said.Skip(1).Prepend("") : said.Skip(1))
            {
                Show(cluster.Width - pen, font.Blank(more));
                pen = cluster.Width;
                if (more.Length == 0)
                {
                    _content.Append(" EMC");
                }
            }

            if (Math.Abs(cluster.Width - pen) >= Least)
            {
                _content.Append(CultureInfo.InvariantCulture, $" [{pen - cluster.Width:0.##}] TJ");
            }
        }

        _content.Append(rise == 0 ? "" : " 0 Ts").Append(thick ? " 0 Tr" : "").Append(" ET\n");
    }

    public void Line(double fromX, double fromY, double toX, double toY, Ink ink, double width) =>
        _content.Append(CultureInfo.InvariantCulture, $"{Colour(ink)} RG {width:0.##} w {fromX:0.##} {fromY:0.##} m {toX:0.##} {toY:0.##} l S\n");

    public void Fill(double x, double y, double width, double height, Ink ink) =>
        _content.Append(CultureInfo.InvariantCulture, $"{Colour(ink)} rg {x:0.##} {y:0.##} {width:0.##} {height:0.##} re f\n");

    public void Frame(double x, double y, double width, double height, Ink ink, double line) =>
        _content.Append(CultureInfo.InvariantCulture, $"{Colour(ink)} RG {line:0.##} w {x:0.##} {y:0.##} {width:0.##} {height:0.##} re S\n");

    /// <summary>Draws operators (ISO 32000-2, 8.5) whose units are so many points, and whose y runs down from the point.</summary>
    public void Draw(double x, double y, double unit, string operators) =>
        _content.Append(CultureInfo.InvariantCulture, $"q {unit:0.####} 0 0 {-unit:0.####} {x:0.##} {y:0.##} cm\n").Append(operators).Append("\nQ\n");

    /// <summary>A place that opens an address in ASCII.</summary>
    public void Link(string address, double x, double y, double width, double height) =>
        _links.Add((address, string.Create(CultureInfo.InvariantCulture, $"{x:0.##} {y:0.##} {x + width:0.##} {y + height:0.##}")));

    /// <summary>Writes the page; its number.</summary>
    public long WriteTo(PdfFile into, long tree, long resources)
    {
        var (page, content) = (into.Number(), into.Number());
        into.WriteStream(content, "", Encoding.Latin1.GetBytes(_content.ToString()));
        var links = new List<string>();
        foreach (var (address, place) in _links)
        {
            var link = into.Number();
            into.Write(
                link,
                $"<< /Type /Annot /Subtype /Link /Rect [{place}] /Border [0 0 0] /F 4 /A << /S /URI /URI "
                    + $"<{Convert.ToHexString(Encoding.UTF8.GetBytes(address))}> >> >>");
            links.Add($"{link} 0 R");
        }

        into.Write(
            page,
            $"<< /Type /Page /Parent {tree} 0 R /MediaBox [0 0 {Sheet.PageWidth} {Sheet.PageHeight}] /Resources {resources} 0 R /Contents {content} 0 R "
                + $"/Annots [{string.Join(' ', links)}] >>");
        return page;
    }

    // What a number in TJ moves to the left (9.4.3).
    private void Show(double move, int code) =>
        _content.Append(Math.Abs(move) < Least
            ? string.Create(CultureInfo.InvariantCulture, $" <{code:X4}> Tj")
            : string.Create(CultureInfo.InvariantCulture, $" [{-move:0.##} <{code:X4}>] TJ"));

    // The glyphs and where each is drawn, in thousandths of the size from where the cluster begins.
    private static IEnumerable<(Glyph Glyph, double At)> Placed(Cluster cluster)
    {
        var begins = 0.0;
        var placed = cluster.Glyphs.Select(glyph => (glyph, (begins += glyph.Advance) - glyph.Advance + glyph.X)).ToList();
        return cluster.RightToLeft ? placed.OrderByDescending(one => one.glyph.Advance) : placed;
    }

    /// <summary>The three numbers of a colour.</summary>
    public static string Colour(Ink ink) =>
        string.Create(CultureInfo.InvariantCulture, $"{ink.Red / 255.0:0.###} {ink.Green / 255.0:0.###} {ink.Blue / 255.0:0.###}");
}
