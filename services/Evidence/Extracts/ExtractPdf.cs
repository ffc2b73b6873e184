using System.Globalization;
using VolunteerBook.Evidence.Pdf;

namespace VolunteerBook.Evidence.Extracts;

/// <summary>The pages of an extract: A4, a head with the number and the holder, totals by grade, the entries, and how to check it all.</summary>
public static class ExtractPdf
{
    private const double Small = 7.5;
    private const double Leading = 9.6;
    private const double Pad = 3.5;

    /// <summary>The PDF, not signed yet.</summary>
    public static byte[] Pages(ExtractDocument document)
    {
        var say = new Wording(document.Language);
        using var sheet = new Sheet(say["extract.title"] + " " + document.Number, document.Issuer, document.Holder.Name);

        DocumentHead.Write(sheet, say, document, say["extract.title"]);
        Totals(sheet, say, document);
        if (document.Scope.Kind != ExtractScopeKind.TotalsOnly)
        {
            Entries(sheet, say, document);
        }

        DocumentHead.HowToCheck(sheet, say, document);
        DocumentHead.Feet(sheet, say, document, say["foot.extract"]);
        return sheet.Build();
    }

    private static void Totals(Sheet sheet, Wording say, ExtractDocument document)
    {
        DocumentHead.Heading(sheet, say["totals"]);
        var table = new Table(sheet, 9, 11.5, 4,
        [
            new(say["totals.grade"], 140), new(say["totals.meaning"], 231), new(say["totals.entries"], 60, AlignRight: true), new(say["totals.time"], 80, AlignRight: true),
        ]);
        table.Head();
        foreach (var total in document.Totals.Reverse())
        {
            var grade = "grade." + ExtractJson.Kebab(total.Grade);
            table.Row([[new(say[grade], Bold: true)], [new(say[grade + ".meaning"], Ink.Grey)], [new(say.Number(total.Entries))], [new(say.Duration(total.Minutes))]]);
        }

        table.Row(
        [
            [new(say["totals.all"], Bold: true)],
            [new($"{say["totals.points"]}: {say.Number(document.Points)}", Bold: true)],
            [new(say.Number(document.Totals.Sum(total => total.Entries)), Bold: true)],
            [new(say.Duration(document.Totals.Sum(total => (long)total.Minutes)), Bold: true)],
        ], Ink.Shade);
    }

    private static void Entries(Sheet sheet, Wording say, ExtractDocument document)
    {
        DocumentHead.Heading(sheet, say["entries"]);
        if (document.Entries.Count == 0)
        {
            sheet.Paragraph(say["entries.none"], Sheet.Margin, Sheet.Right - Sheet.Margin, 9, 12);
            return;
        }

        var table = new Table(sheet, Small, Leading, Pad,
        [
            new("№", 24), new(say["entry.when"], 64), new(say["entry.organisation"], 120), new(say["entry.work"], 80), new(say["entry.where"], 72),
            new(say["entry.time"], 49), new(say["entry.volume"], 41), new(say["entry.grade"], 61),
        ]);
        table.Head();
        var number = 0;
        foreach (var entry in document.Entries)
        {
            table.Row(
            [
                [new((++number).ToString(CultureInfo.InvariantCulture), Ink.Grey)],
                [.. entry.Shifts.GroupBy(shift => shift.Zone).SelectMany(zone => zone.Select(shift => new Piece(say.Shift(shift))).Append(new(zone.Key, Ink.Grey)))],
                [new(entry.Organisation, Bold: true), new(entry.Project)],
                [new(entry.TaskTypeName), .. Optional(entry.ResponsibilityLevel)],
                [.. entry.Place is null ? [] : new[] { new Piece(entry.Place) }, new(entry.RegionName, entry.Place is null ? null : Ink.Grey)],
                [new(say.Duration(entry.Minutes).Replace('\u00a0', ' '), Bold: true), .. Optional(entry.OverlapMinutes > 0 ? say["entry.overlap", say.Duration(entry.OverlapMinutes)].Replace('\u00a0', ' ') : null)],
                [.. entry.Volume is { } volume ? new[] { new Piece($"{say.Number(volume)} {entry.VolumeUnit}".TrimEnd()) } : [], new(say["entry.points", say.Number(entry.Points)], Ink.Grey)],
                [new(say["grade." + ExtractJson.Kebab(entry.Grade)]), .. Optional(entry.Signature?.Kid is { } kid ? say["entry.key", kid[..8]] : null)],
            ]);
        }
    }

    private static Piece[] Optional(string? text) => text is null ? [] : [new Piece(text, Ink.Grey)];
}
