using VolunteerBook.Documents.Pdf;

namespace VolunteerBook.Documents.Extracts;

/// <summary>What extracts and certificates have alike: the head, how to check, and the feet.</summary>
internal static class DocumentHead
{
    private const double CodeSide = 96;
    private const double Labels = 96;

    /// <summary>The mark, the issuer, the title, number and date, whose book, and the code to check by.</summary>
    public static void Write(Sheet sheet, Wording say, ExtractDocument document, string title)
    {
        sheet.Mark(Sheet.Margin, sheet.Y - 8, 24);
        sheet.Text(document.Issuer, Sheet.Margin + 32, sheet.Y + 8, 11, sheet.Bold, Ink.Accent);
        sheet.Y += 24;
        sheet.Rule(Sheet.Margin, sheet.Y, Sheet.Right, sheet.Y, Ink.Accent, 1.5);
        sheet.Y += 18;

        var top = sheet.Y;
        var width = Sheet.Right - Sheet.Margin - CodeSide - 18;
        sheet.Paragraph(title, Sheet.Margin, width, 16.5, 21, sheet.Bold, Ink.Accent);
        sheet.Y += 4;
        sheet.Paragraph(say["number", document.Number, say.Moment(document.IssuedAt, document.Zone)], Sheet.Margin, width, 9, 13);
        sheet.Y += 10;

        Fact(sheet, say["holder"], document.Holder.Name, width, 12, bold: true);
        if (document.Holder.BirthDate is { } born)
        {
            Fact(sheet, say["birth-date"], say.Day(born), width);
        }

        if (document.Scope.Kind != ExtractScopeKind.Event)
        {
            Fact(sheet, say["scope"], Scope(say, document.Scope), width);
        }

        Fact(sheet, say["as-of"], say.Moment(document.AsOf, document.Zone), width);

        // The quiet around the code lets it stand a little outside the text.
        sheet.QrCode(document.CheckUrl, Sheet.Right - CodeSide + 9, top - 6, CodeSide);
        sheet.Link(document.CheckUrl, Sheet.Right - CodeSide + 9, top - 6, CodeSide, CodeSide);
        sheet.Y = Math.Max(sheet.Y, top + CodeSide);
    }

    /// <summary>A heading over what follows, not alone at the foot of a page.</summary>
    public static void Heading(Sheet sheet, string text)
    {
        sheet.Y += 18;
        sheet.Need(70);
        sheet.Text(text, Sheet.Margin, sheet.Y + 10, 12, sheet.Bold, Ink.Accent);
        sheet.Y += 18;
    }

    /// <summary>A label and what it is about, in the width.</summary>
    public static void Fact(Sheet sheet, string label, string value, double width, double size = 10, bool bold = false)
    {
        sheet.Need(size + 4);
        sheet.Text(label, Sheet.Margin, sheet.Y + size, 9, ink: Ink.Grey);
        sheet.Paragraph(value, Sheet.Margin + Labels, width - Labels, size, size + 4, bold ? sheet.Bold : sheet.Regular);
        sheet.Y += 2;
    }

    /// <summary>How to check the document with our servers and without them.</summary>
    public static void HowToCheck(Sheet sheet, Wording say, ExtractDocument document, bool atBottom = false)
    {
        string[] sentences = [say["check.online", document.CheckUrl], say["check.offline"], say["check.attached"], say["check.paper"]];
        var width = Sheet.Right - Sheet.Margin;
        var height = 36 + sentences.Sum(sentence => (Sheet.Wrap(sentence, width - 12, 8.5, sheet.Regular).Count * 11) + 3);
        if (sheet.Y + height > Sheet.Bottom)
        {
            sheet.NewPage();
        }
        else if (atBottom)
        {
            sheet.Y = Sheet.Bottom - height;
        }

        Heading(sheet, say["check"]);
        foreach (var sentence in sentences)
        {
            sheet.Text("•", Sheet.Margin, sheet.Y + 8.5, 8.5, ink: Ink.Accent);
            sheet.Paragraph(sentence, Sheet.Margin + 12, width - 12, 8.5, 11);
            sheet.Y += 3;
        }
    }

    /// <summary>What stands at the foot of every page; once all pages are there.</summary>
    public static void Feet(Sheet sheet, Wording say, ExtractDocument document, string kind)
    {
        for (var page = 1; page <= sheet.Pages; page++)
        {
            sheet.TurnTo(page);
            const double Top = Sheet.PageHeight - 42;
            sheet.Rule(Sheet.Margin, Top, Sheet.Right, Top, Ink.Line);
            sheet.Text(say["foot", kind, document.Number], Sheet.Margin, Top + 13, 8, ink: Ink.Grey);
            sheet.TextBefore(say["page", page, sheet.Pages], Sheet.Right, Top + 13, 8, ink: Ink.Grey);
        }
    }

    // All that bounds it: who reads "totals only" must see of what.
    private static string Scope(Wording say, ExtractScope scope)
    {
        var days = scope is { From: { } from, Until: { } until } ? (say.Day(from), say.Day(until)) : default((string From, string Until)?);
        string[] parts = (scope.Name, days) switch
        {
            ({ } name, null) => [say["scope.organisation", name]],
            ({ } name, var (first, last)) => [say["scope.organisation", name], say["scope.days", first, last]],
            (null, var (first, last)) => [say["scope.period", first, last]],
            _ => [say["scope.whole-book"]],
        };
        return string.Join("; ", scope.Kind == ExtractScopeKind.TotalsOnly ? [.. parts, say["scope.totals-only"]] : parts);
    }
}
