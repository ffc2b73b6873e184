namespace VolunteerBook.Documents.Pdf;

/// <summary>A new PDF (ISO 32000-2) of A4 pages; nothing is written before <see cref="Build"/>.</summary>
internal sealed class PdfFile(string title, string author, string subject) : PdfObjects([.. "%PDF-1.7\n%"u8, 0xE2, 0xE3, 0xCF, 0xD3, .. "\n"u8])
{
    private readonly List<PdfPage> _pages = [];
    private readonly Dictionary<FontFile, EmbeddedFont> _fonts = [];

    /// <summary>A new page behind the others.</summary>
    public PdfPage AddPage()
    {
        _pages.Add(new PdfPage(this));
        return _pages[^1];
    }

    /// <summary>The font as it is in this file: once, with the glyphs that are used.</summary>
    public EmbeddedFont Font(FontFile file)
    {
        if (!_fonts.TryGetValue(file, out var font))
        {
            _fonts[file] = font = new EmbeddedFont(file, _fonts.Count);
        }

        return font;
    }

    /// <summary>The file.</summary>
    public byte[] Build()
    {
        var (root, tree, information, resources) = (Number(), Number(), Number(), Number());
        Write(root, $"<< /Type /Catalog /Pages {tree} 0 R >>");
        Write(
            information,
            $"<< /Title {TextString(title)} /Author {TextString(author)} /Subject {TextString(subject)} /Creator (VolunteerBook) /Producer (VolunteerBook) >>");
        Write(resources, $"<< /Font << {string.Join(' ', _fonts.Values.Select(font => $"/{font.Name} {font.WriteTo(this)} 0 R"))} >> >>");
        var kids = _pages.Select(page => page.WriteTo(this, tree, resources)).ToList();
        Write(tree, $"<< /Type /Pages /Count {kids.Count} /Kids [{string.Join(' ', kids.Select(kid => $"{kid} 0 R"))}] >>");
        return End($"/Size {Next} /Root {root} 0 R /Info {information} 0 R ", Table([(0, [0, .. Offsets.Values])]));
    }
}
