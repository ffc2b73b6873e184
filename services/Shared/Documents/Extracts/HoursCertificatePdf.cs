using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Documents.Pdf;

namespace VolunteerBook.Documents.Extracts;

/// <summary>
/// The page of a certificate of hours (F33): one entry, or the entries of one event, framed, on one A4 page where its names are no longer than names are.
/// </summary>
internal static class HoursCertificatePdf
{
    private const int MostShifts = 8;
    private const double Labels = 142;
    private const double Leading = 1.3;
    private const double Gap = 10;
    private const double Large = 22;

    // Between the hours and the stamp around them.
    private const double Room = 8;

    /// <summary>The PDF, not signed yet.</summary>
    /// <exception cref="ArgumentException">There are no entries.</exception>
    public static byte[] Pages(ExtractDocument document)
    {
        if (document.Entries is not [_, ..])
        {
            throw new ArgumentException("A certificate is about an entry, and there is none.", nameof(document));
        }

        var say = new Wording(document.Language);
        var sheet = new Sheet(say["certificate.title"] + " " + document.Number, document.Issuer, document.Holder.Name);
        DocumentHead.Write(sheet, say, document, say["certificate.title"]);

        sheet.Y += 36;
        sheet.Paragraph(say["certificate.lead"], Sheet.Margin, Sheet.Right - Sheet.Margin, 11, 15);
        sheet.Y += 20;
        Fact(sheet, say["certificate.event"], Distinct(document, entry => entry.Project), 14, bold: true);
        Fact(sheet, say["certificate.organisation"], Distinct(document, entry => entry.Organisation), 12, bold: true);
        Fact(sheet, say["certificate.work"], Distinct(document, entry => entry.TaskTypeName));
        if (document.Entries.Any(entry => entry.ResponsibilityLevel is not null))
        {
            Fact(sheet, say["certificate.level"], Distinct(document, entry => entry.ResponsibilityLevel));
        }

        Fact(
            sheet, say["certificate.where"], Distinct(document, entry => entry.Place is null ? entry.RegionName : $"{Apart(entry.Place)}, {entry.RegionName}"));
        var shifts = document.Entries.SelectMany(entry => entry.Shifts).OrderBy(shift => shift.StartsAt()).ToList();
        Fact(sheet, say["certificate.when"], string.Join("; ", shifts.Take(MostShifts).Select(say.Shift))
            + (shifts.Count > MostShifts ? "; " + say["certificate.when-more", shifts.Count - MostShifts] : "")
            + $" ({string.Join(", ", shifts.Select(shift => shift.Zone).Distinct())})");
        sheet.Y += 6;
        var hours = say.Duration(document.Entries.Sum(entry => (long)entry.CountedMinutes));
        Fact(sheet, say["certificate.hours"], hours, Large, bold: true, Ink.Accent);
        if (document.Entries.All(entry => entry.Grade >= EvidenceGrade.Confirmed))
        {
            var width = sheet.Bold.Width(Writing.Shown(hours), Large);
            sheet.Stamp(Sheet.Margin + Labels - Room, sheet.Y - Gap - (Large * Leading) - 1, width + (2 * Room), Large * Leading + 3);
        }

        if (document.Entries.Sum(entry => (long)entry.OverlapMinutes) is > 0 and var overlap)
        {
            Fact(sheet, "", say["entry.overlap", say.Duration(overlap)]);
        }

        if (document.Entries.Any(entry => entry.Volume is not null))
        {
            Fact(
                sheet, say["certificate.volume"], string.Join(", ", document.Entries.Where(entry => entry.Volume is not null).GroupBy(entry => entry.VolumeUnit)
                    .Select(unit => $"{say.Number(unit.Sum(entry => entry.Volume!.Value))} {unit.Key}".TrimEnd())));
        }

        Fact(sheet, say["certificate.points"], say.Number(document.Points));
        Fact(sheet, say["certificate.grade"], string.Join("; ", document.Entries.Select(entry => entry.Grade).Distinct().Select(grade => Grade(say, grade))));
        DocumentHead.HowToCheck(sheet, say, document, atBottom: true);
        for (var page = 1; page <= sheet.Pages; page++)
        {
            sheet.TurnTo(page);
            sheet.Frame(18, 18, Sheet.PageWidth - 36, Sheet.PageHeight - 36, Ink.Accent, 1.5);
            sheet.Frame(22, 22, Sheet.PageWidth - 44, Sheet.PageHeight - 44, Ink.Line, 0.5);
        }

        DocumentHead.Feet(sheet, say, document, say["foot.certificate"]);
        return sheet.Build();
    }

    private static void Fact(Sheet sheet, string label, string value, double size = 11, bool bold = false, Ink? ink = null)
    {
        sheet.Need(size * Leading);
        sheet.Text(label, Sheet.Margin, sheet.Y + size, 10, ink: Ink.Grey);
        sheet.Paragraph(value, Sheet.Margin + Labels, Sheet.Right - Sheet.Margin - Labels, size, size * Leading, bold ? sheet.Bold : sheet.Regular, ink);
        sheet.Y += Gap;
    }

    private static string Grade(Wording say, EvidenceGrade grade)
    {
        var name = "grade." + ExtractJson.Kebab(grade);
        return $"{say[name]}: {say[name + ".meaning"]}";
    }

    // Whichever way it runs itself, what stands beside it stays where it is (U+200E, UAX #9, 2.6).
    private static string Apart(string text) => $"\u200e{text}\u200e";

    private static string Distinct(ExtractDocument document, Func<ExtractEntry, string?> of) =>
        string.Join("; ", document.Entries.Select(of).OfType<string>().Distinct());
}
