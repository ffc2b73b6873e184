using System.Globalization;
using System.IO.Compression;
using System.Security;
using System.Text;

namespace VolunteerBook.Testing;

/// <summary>A workbook as a spreadsheet program saves it: texts, numbers, days, moments, times of day and lengths of time, each in its own form.</summary>
public static class AWorkbook
{
    private const string Head = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>""";
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Of = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>A workbook of sheets, each of rows, each of cells.</summary>
    public static byte[] Save(params object?[][][] sheets) => Save(null, sheets);

    /// <summary>The same, with what the sheets say of their size.</summary>
    public static byte[] Save(string? dimension, params object?[][][] sheets)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(archive, "[Content_Types].xml",
                """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>""");
            Add(
                archive, "_rels/.rels",
                $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="{Of}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Add(
                archive, "xl/workbook.xml",
                $"""<workbook xmlns="{Main}" xmlns:r="{Of}"><sheets>{string.Concat(sheets.Select((_, i) => $"""<sheet name="Лист{i + 1}" sheetId="{i + 1}" r:id="r{i + 1}"/>"""))}</sheets></workbook>""");
            Add(archive, "xl/_rels/workbook.xml.rels",
                $"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="s" Type="{Of}/styles" Target="styles.xml"/>{string.Concat(sheets.Select((_, i) => $"""<Relationship Id="r{i + 1}" Type="{Of}/worksheet" Target="worksheets/sheet{i + 1}.xml"/>"""))}</Relationships>""");
            // 1: a day, 2: a moment, 3: a time of day, 4: a length of time.
            Add(
                archive, "xl/styles.xml",
                $"""<styleSheet xmlns="{Main}"><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="46"/></cellXfs></styleSheet>""");
            foreach (var (index, rows) in sheets.Index())
            {
                var data = new StringBuilder();
                foreach (var (row, cells) in rows.Index())
                {
                    if (cells.Length > 0)
                    {
                        data.Append(
                            CultureInfo.InvariantCulture,
                            $"""<row r="{row + 1}">{string.Concat(cells.Select((cell, column) => Cell($"{(char)('A' + column)}{row + 1}", cell)))}</row>""");
                    }
                }

                Add(
                    archive, $"xl/worksheets/sheet{index + 1}.xml",
                    $"""<worksheet xmlns="{Main}">{(dimension is null ? "" : $"""<dimension ref="{dimension}"/>""")}<sheetData>{data}</sheetData></worksheet>""");
            }
        }

        return bytes.ToArray();
    }

    /// <summary>The same workbook with one part written anew, as long as it may be.</summary>
    public static byte[] Replace(byte[] workbook, string part, IEnumerable<string> text)
    {
        ArgumentNullException.ThrowIfNull(text);
        using var bytes = new MemoryStream();
        bytes.Write(workbook);
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Update, leaveOpen: true))
        {
            archive.GetEntry(part)!.Delete();
            using var entry = new StreamWriter(archive.CreateEntry(part, CompressionLevel.Fastest).Open());
            foreach (var piece in text)
            {
                entry.Write(piece);
            }
        }

        return bytes.ToArray();
    }

    private static string Cell(string at, object? value) => value switch
    {
        null => "",
        string text => $"""<c r="{at}" t="inlineStr"><is><t>{SecurityElement.Escape(text)}</t></is></c>""",
        DateOnly day => Numbered(at, 1, day.ToDateTime(TimeOnly.MinValue).ToOADate()),
        DateTime moment => Numbered(at, 2, moment.ToOADate()),
        TimeOnly time => Numbered(at, 3, time.ToTimeSpan().TotalDays),
        TimeSpan length => Numbered(at, 4, length.TotalDays),
        _ => Numbered(at, 0, Convert.ToDouble(value, CultureInfo.InvariantCulture)),
    };

    private static string Numbered(string at, int style, double value) =>
        $"""<c r="{at}" s="{style}"><v>{value.ToString("R", CultureInfo.InvariantCulture)}</v></c>""";

    private static void Add(ZipArchive archive, string name, string xml)
    {
        using var entry = new StreamWriter(archive.CreateEntry(name).Open());
        entry.Write(Head + xml);
    }
}
