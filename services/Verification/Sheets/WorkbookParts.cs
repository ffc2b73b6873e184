using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace VolunteerBook.Verification.Sheets;

/// <summary>
/// What the reader of workbooks passes over in silence (ExcelDataReader 3.6): parts that it does not find, errors and formulas without a value, texts that are
/// not there, the other of XML's two words for true. Found here as it finds them, so that what it leaves out is refused or told.
/// </summary>
internal sealed class WorkbookParts
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    // Under worksheet and sheetData.
    private const int DepthOfRows = 2;
    private const int MostNames = 20;
    private const int MostWithoutValue = 100_000;

    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreWhitespace = true, IgnoreComments = true };

    private readonly HashSet<(int Sheet, int Line, int Column)> withoutValue = [];
    private readonly List<(int Sheet, string Name)> filled = [];

    private WorkbookParts()
    {
    }

    /// <summary>Whether each sheet is a part of its own, which costs its reading once, and what has no value is told one by one.</summary>
    public bool IsBounded { get; private set; } = true;

    /// <summary>Whether days are counted from 1904 and the reader does not see it.</summary>
    public bool CountsFrom1904 { get; private set; }

    /// <summary>Whether a cell has something in it, and nothing that can be read: an error, or a formula whose value was not saved.</summary>
    /// <param name="sheet">Of all sheets, from 0.</param>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 0.</param>
    public bool HasNoValue(int sheet, int line, int column) => withoutValue.Count > 0 && withoutValue.Contains((sheet, line, column));

    /// <summary>The names of the sheets besides one that are seen and have something on them; not more than are read at a glance.</summary>
    public IReadOnlyList<string> Others(int sheet) => [.. filled.Where(other => other.Sheet != sheet).Select(other => other.Name).Take(MostNames)];

    /// <summary>The parts of a workbook.</summary>
    /// <exception cref="InvalidDataException">The reader would leave something out.</exception>
    public static WorkbookParts Of(Stream document)
    {
        document.Position = 0;
        using var archive = new ZipArchive(document, ZipArchiveMode.Read, leaveOpen: true);
        var entries = archive.Entries.ToDictionary(entry => entry.FullName.Replace('\\', '/'), StringComparer.OrdinalIgnoreCase);
        var parts = new WorkbookParts();
        var sheets = parts.Sheets(entries["xl/workbook.xml"]);
        var targets = Targets(entries.GetValueOrDefault("xl/_rels/workbook.xml.rels"));
        var texts = entries.TryGetValue("xl/sharedStrings.xml", out var shared) ? Count(shared, "si") : 0;
        var read = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (index, (id, name, visible)) in sheets.Index())
        {
            var part = targets.GetValueOrDefault(id);
            if (!read.Add(id) || (part is not null && !read.Add(part)))
            {
                parts.IsBounded = false;
                return parts;
            }

            if (visible && parts.Look(index, part is null ? throw new InvalidDataException() : entries[part], texts))
            {
                parts.filled.Add((index, name));
            }
        }

        return parts;
    }

    private List<(string Id, string Name, bool Visible)> Sheets(ZipArchiveEntry workbook)
    {
        using var xml = XmlReader.Create(workbook.Open(), Settings);
        if (xml.MoveToContent() != XmlNodeType.Element || xml.NamespaceURI != Main)
        {
            throw new InvalidDataException();
        }

        var sheets = new List<(string, string, bool)>();
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "workbookPr" })
            {
                CountsFrom1904 = xml.GetAttribute("date1904") is { } said && said != "1" && XmlConvert.ToBoolean(said);
            }
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "sheet", NamespaceURI: Main })
            {
                sheets.Add((xml.GetAttribute("id", Relations)
                    ?? throw new InvalidDataException(), xml.GetAttribute("name") ?? "", xml.GetAttribute("state") is null or "visible"));
            }
        }

        return sheets;
    }

    // By their ids, as the reader comes to them. It knows texts and styles at one place each.
    private static Dictionary<string, string> Targets(ZipArchiveEntry? relationships)
    {
        var targets = new Dictionary<string, string>();
        using var xml = XmlReader.Create(relationships?.Open() ?? throw new InvalidDataException(), Settings);
        while (xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "Relationship" }
                && (xml.GetAttribute("Id"), xml.GetAttribute("Target"), xml.GetAttribute("Type")) is ({ } id, { } target, var type))
            {
                targets.Add(id, target.StartsWith("/xl/", StringComparison.OrdinalIgnoreCase) ? target[1..] : "xl/" + target);
                foreach (var fixedPart in new[] { "sharedStrings", "styles" })
                {
                    if (type?.EndsWith("/" + fixedPart, StringComparison.Ordinal) == true
                        && !targets[id].Equals($"xl/{fixedPart}.xml", StringComparison.OrdinalIgnoreCase))
                    {
                        throw new InvalidDataException();
                    }
                }
            }
        }

        return targets;
    }

    private static int Count(ZipArchiveEntry part, string element)
    {
        using var xml = XmlReader.Create(part.Open(), Settings);
        var count = 0;
        while (xml.Read())
        {
            count += xml.NodeType == XmlNodeType.Element && xml.LocalName == element ? 1 : 0;
        }

        return count;
    }

    // Whether anything stands on it.
    private bool Look(int sheet, ZipArchiveEntry part, int texts)
    {
        using var xml = XmlReader.Create(part.Open(), Settings);
        xml.MoveToContent();
        if (xml.LocalName == "worksheet" && xml.NamespaceURI != Main)
        {
            throw new InvalidDataException();
        }

        var (line, column, something) = (0, -1, false);
        while (IsBounded && xml.Read())
        {
            if (xml is { NodeType: XmlNodeType.Element, LocalName: "row", NamespaceURI: Main })
            {
                // Of two rows with one number the reader keeps the last; within anything else it sees none.
                var next = int.TryParse(xml.GetAttribute("r"), out var said) ? said : line + 1;
                (line, column) = next > line && xml.Depth == DepthOfRows ? (next, -1) : throw new InvalidDataException();
            }
            else if (xml is { NodeType: XmlNodeType.Element, LocalName: "c", NamespaceURI: Main, Depth: DepthOfRows + 1 })
            {
                column = ColumnOf(xml.GetAttribute("r")) ?? column + 1;
                something |= !xml.IsEmptyElement;
                if (!xml.IsEmptyElement && IsWithoutValue(xml, texts))
                {
                    withoutValue.Add((sheet, line, column));
                    IsBounded = withoutValue.Count <= MostWithoutValue;
                }
            }
        }

        return something;
    }

    // From a cell's beginning to its end.
    private static bool IsWithoutValue(XmlReader xml, int texts)
    {
        var type = xml.GetAttribute("t");
        var (formula, value, within) = (false, "", "");
        for (var depth = xml.Depth; xml.Read() && xml.Depth > depth;)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1)
            {
                within = xml.LocalName;
                formula |= within == "f";
            }
            else if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && within == "v")
            {
                value += xml.Value;
            }
        }

        return type switch
        {
            "e" => true,
            "s" => value.Length > 0 && !(int.TryParse(value, NumberStyles.Any, CultureInfo.InvariantCulture, out var text) && text >= 0 && text < texts),
            "str" or "inlineStr" => false,
            _ => formula && value.Length == 0,
        };
    }

    // «AB12»; null where it is not said.
    private static int? ColumnOf(string? reference)
    {
        var column = 0;
        foreach (var letter in reference ?? "")
        {
            if (!char.IsAsciiLetter(letter))
            {
                break;
            }

            column = Math.Min((column * 26) + char.ToUpperInvariant(letter) - 'A' + 1, 1_000_000);
        }

        return column == 0 ? null : column - 1;
    }
}
