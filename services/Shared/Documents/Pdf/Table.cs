using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Documents.Pdf;

/// <summary>A column: what its head says, its width in points, and on which side it is flush.</summary>
internal readonly record struct Column(string Head, double Width, bool AlignRight = false);

/// <summary>A piece of a cell that begins on a line of its own; with a stamp around it where it says what is confirmed.</summary>
internal readonly record struct Piece(string Text, Ink? Ink = null, bool Bold = false, bool Stamped = false)
{
    public Piece(string text, bool bold) : this(text, null, bold) { }
}

/// <summary>A table over as many pages as it needs; its head stands at the top of each. A row stays on one page where one page can hold it.</summary>
internal sealed class Table(Sheet sheet, double size, double leading, double pad, IReadOnlyList<Column> columns)
{
    // Between a text and the stamp around it.
    private const double Room = 2.4;

    private double Width => columns.Sum(column => column.Width);

    /// <summary>The head; for the first time.</summary>
    public void Head()
    {
        var cells = columns.Select(column => Sheet.Wrap(column.Head, column.Width - (2 * pad), size, sheet.Bold)).ToList();
        var height = (cells.Max(lines => lines.Count) * leading) + (2 * pad);
        // A head with nothing under it would be alone at the foot of the page.
        if (sheet.Y + height + (4 * leading) > Sheet.Bottom)
        {
            sheet.NewPage();
        }

        sheet.Fill(Sheet.Margin, sheet.Y, Width, height, Ink.Accent);
        var x = Sheet.Margin;
        for (var i = 0; i < columns.Count; i++)
        {
            for (var line = 0; line < cells[i].Count; line++)
            {
                Put(cells[i][line], x, columns[i], sheet.Y + pad + (line * leading), sheet.Bold, new Ink(255, 255, 255));
            }

            x += columns[i].Width;
        }

        sheet.Y += height;
    }

    /// <summary>A row: for each column its pieces.</summary>
    public void Row(IReadOnlyList<IReadOnlyList<Piece>> cells, Ink? shade = null)
    {
        var lines = cells.Select((pieces, i) => pieces
            .SelectMany(piece => Sheet.Wrap(piece.Text, columns[i].Width - (2 * pad), size, Face(piece)).Select(line => piece with { Text = line }))
            .ToList()).ToList();
        var rest = lines.Max(cell => cell.Count);
        if (sheet.Y + Height(rest) > Sheet.Bottom)
        {
            sheet.NewPage();
            Head();
        }

        // Only a row higher than a page goes round more than once.
        for (var first = 0; first < rest;)
        {
            var fit = Math.Min(rest - first, (int)((Sheet.Bottom - sheet.Y - (2 * pad)) / leading));
            Draw(lines, first, fit, shade);
            first += fit;
            if (first < rest)
            {
                sheet.NewPage();
                Head();
            }
        }
    }

    private double Height(int count) => (count * leading) + (2 * pad);

    private void Draw(List<List<Piece>> lines, int first, int count, Ink? shade)
    {
        if (shade is { } ink)
        {
            sheet.Fill(Sheet.Margin, sheet.Y, Width, Height(count), ink);
        }

        var x = Sheet.Margin;
        for (var i = 0; i < columns.Count; i++)
        {
            foreach (var (line, piece) in lines[i].Skip(first).Take(count).Index())
            {
                Put(piece.Text, x, columns[i], sheet.Y + pad + (line * leading), Face(piece), piece.Ink ?? Ink.Black);
            }

            var stamped = lines[i].Skip(first).Take(count).Where(piece => piece.Stamped).ToList();
            if (stamped.Count > 0)
            {
                var width = stamped.Max(piece => Face(piece).Width(Writing.Shown(piece.Text), size));
                sheet.Stamp(x + pad - Room, sheet.Y + pad - Room, width + (2 * Room), (stamped.Count * leading) + (2 * Room));
            }

            x += columns[i].Width;
        }

        sheet.Y += Height(count);
        sheet.Rule(Sheet.Margin, sheet.Y, Sheet.Margin + Width, sheet.Y, Ink.Line);
    }

    private Typeface Face(Piece piece) => piece.Bold ? sheet.Bold : sheet.Regular;

    private void Put(string text, double x, Column column, double top, Typeface face, Ink ink)
    {
        // The baseline lies below the top by the height of the letters, and half of what the leading has over.
        var baseline = top + (size * 0.8) + ((leading - size) / 2);
        if (column.AlignRight)
        {
            sheet.TextBefore(text, x + column.Width - pad, baseline, size, face, ink);
        }
        else
        {
            sheet.Text(text, x + pad, baseline, size, face, ink);
        }
    }
}
