using System.Globalization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Pdf;

namespace VolunteerBook.Documents.Extracts;

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
        var sheet = new Sheet(say["extract.title"] + " " + document.Number, document.Issuer, document.Holder.Name);

        DocumentHead.Write(sheet, say, document, say["extract.title"]);
        DocumentHead.Heading(sheet, say["totals"]);
        Totals(sheet, say, document.Totals, document.Points);
        var listed = document.Scope.Kind != ExtractScopeKind.TotalsOnly;
        if (listed)
        {
            DocumentHead.Heading(sheet, say["entries"]);
            Entries(sheet, say, document.Entries);
        }

        if (document.Claimed is { } claimed)
        {
            DocumentHead.Heading(sheet, say["claimed"]);
            sheet.Paragraph(say["claimed.meaning"], Sheet.Margin, Sheet.Right - Sheet.Margin, 9, 12);
            sheet.Y += 4;
            Totals(sheet, say, claimed.Totals, points: null);
            if (listed)
            {
                sheet.Y += 12;
                Entries(sheet, say, claimed.Entries);
            }
        }

        DocumentHead.HowToCheck(sheet, say, document);
        DocumentHead.Feet(sheet, say, document, say["foot.extract"]);
        return sheet.Build();
    }

    // Grades that nothing has are left out, but the two that an official document is about; of claims only those that something has.
    private static void Totals(Sheet sheet, Wording say, IReadOnlyList<GradeTotal> totals, int? points)
    {
        var table = new Table(sheet, 9, 11.5, 4,
        [
            new(say["totals.grade"], 140), new(say["totals.meaning"], 231), new(say["totals.entries"], 60, AlignRight: true),
            new(say["totals.time"], 80, AlignRight: true),
        ]);
        table.Head();
        foreach (var total in totals.Where(total => total.Entries > 0 || (points is not null && total.Grade >= EvidenceGrade.Confirmed)).Reverse())
        {
            table.Row(
            [
                [Grade(say, total.Grade) with { Bold = true }],
                [new(say[$"grade.{ExtractJson.Kebab(total.Grade)}.meaning"], Ink.Grey)],
                [new(say.Number(total.Entries))],
                [new(say.Duration(total.Minutes))],
            ]);
        }

        table.Row(
        [
            [new(say[points is null ? "claimed.all" : "totals.all"], Bold: true)],
            [new(points is null ? "" : $"{say["totals.points"]}: {say.Number(points)}", Bold: true)],
            [new(say.Number(totals.Sum(total => total.Entries)), Bold: true)],
            [new(say.Duration(totals.Sum(total => (long)total.Minutes)), Bold: true)],
        ], Ink.Shade);
    }

    private static void Entries(Sheet sheet, Wording say, IReadOnlyList<ExtractEntry> entries)
    {
        if (entries.Count == 0)
        {
            sheet.Paragraph(say["entries.none"], Sheet.Margin, Sheet.Right - Sheet.Margin, 9, 12);
            return;
        }

        var table = new Table(sheet, Small, Leading, Pad,
        [
            new("№", 28), new(say["entry.when"], 64), new(say["entry.organisation"], 107), new(say["entry.work"], 80), new(say["entry.where"], 72),
            new(say["entry.time"], 49), new(say["entry.volume"], 41), new(say["entry.grade"], 70),
        ]);
        table.Head();
        var number = 0;
        foreach (var entry in entries)
        {
            table.Row(
            [
                [new((++number).ToString(CultureInfo.InvariantCulture), Ink.Grey)],
                [.. entry.Shifts.GroupBy(shift => shift.Zone)
                    .SelectMany(zone => zone.Select(shift => new Piece(say.Shift(shift))).Append(new(zone.Key, Ink.Grey)))],
                [new(entry.Organisation, Bold: true), new(entry.Project)],
                [new(entry.TaskTypeName), .. Optional(entry.ResponsibilityLevel)],
                [.. entry.Place is null ? [] : new[] { new Piece(entry.Place) }, new(entry.RegionName, entry.Place is null ? null : Ink.Grey)],
                [new(Broken(say.Duration(entry.CountedMinutes)), Bold: true), .. Beside(
                    say, "entry.overlap", entry.OverlapMinutes), .. Beside(say, "entry.outside", entry.OutsideMinutes)],
                [.. entry.Volume is { } volume
                    ? new[] { new Piece($"{say.Number(volume)} {entry.VolumeUnit}".TrimEnd()) }
                    : [], new(say["entry.points", say.Number(entry.Points)], Ink.Grey)],
                [Grade(say, entry.Grade), .. entry.Signature?.Kid is { } kid ? [new(""), new(say["entry.key", kid[..8]], Ink.Grey)] : Array.Empty<Piece>()],
            ]);
        }
    }

    private static Piece Grade(Wording say, EvidenceGrade grade)
    {
        var stamped = grade >= EvidenceGrade.Confirmed;
        return new(say["grade." + ExtractJson.Kebab(grade)], stamped ? Ink.Accent : null, Stamped: stamped);
    }

    // What the entry says beside that which counts here: the lines add up to the totals.
    private static Piece[] Beside(Wording say, string text, int minutes) => Optional(minutes > 0 ? Broken(say[text, say.Duration(minutes)]) : null);

    private static string Broken(string text) => text.Replace('\u00a0', ' ');

    private static Piece[] Optional(string? text) => text is null ? [] : [new Piece(text, Ink.Grey)];
}
