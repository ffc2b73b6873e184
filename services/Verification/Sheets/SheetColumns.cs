using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>What a row under a header is.</summary>
public enum RowKind
{
    /// <summary>A shift, or what can only be told as a faulty one.</summary>
    Shift,

    /// <summary>The header again.</summary>
    Header,

    /// <summary>A header, whole or in part, whose words stand in other columns, or that has others.</summary>
    OtherHeader,

    /// <summary>What shifts come to: «Итого: 48» under the last is nobody's.</summary>
    Total,
}

/// <summary>Which column of a document says what: found in its header, which people word in many ways.</summary>
public sealed partial class SheetColumns
{
    /// <summary>Stands for a cell that shows an error, or whose formula has no stored value. No workbook can write it (XML 1.0, section 2.2).</summary>
    public const string NoValue = "\0";

    /// <summary>The columns that a document may have, as a JSON object's members write them.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "volunteer_id", "email", "name", "family_name", "given_name", "patronymic", "date", "start", "end", "period", "hours", "minutes", "break", "zone", "attended", "later", "project", "task_type", "region", "level",
    ];

    private static readonly string[] OfPerson = ["volunteer_id", "email", "name", "family_name"];
    private static readonly string[] OfDay = ["start", "date"];
    private static readonly string[] OfLength = ["minutes", "hours", "end", "period"];
    private static readonly string[] OfShift = [.. OfDay, .. OfLength];
    private static readonly string[] InUnits = ["minutes", "hours"];

    // What the second line of a header, or a part of one, says alone. «Акция «Добрый час»» does not.
    private static readonly FrozenSet<string> Below = new[]
    {
        "час", "часы", "часов", "вчасах", "ч", "мин", "минут", "минуты", "вминутах", "м", "hours", "minutes", "h", "min", "начало", "окончание", "конец", "с", "по", "до", "от", "start", "end", "from", "to", "дата", "день", "date",
        "время", "time", "продолжительность", "длительность",
    }.ToFrozenSet();

    private readonly string?[] fields;
    private readonly int[] ofDay;
    private readonly int[] ofShift;

    // Up to the last column that is read. Excel leaves out what is empty after it, in some rows and not in others.
    private readonly int needed;

    private SheetColumns(string[] header, string?[] fields)
    {
        this.fields = fields;
        ofDay = [.. Enumerable.Range(0, fields.Length).Where(column => OfDay.Contains(fields[column]))];
        ofShift = [.. Enumerable.Range(0, fields.Length).Where(column => OfShift.Contains(fields[column]))];
        needed = Array.FindLastIndex(fields, field => field is not null) + 1;
        Header = header;
        Headers = header.Zip(fields).Where(column => column.Second is not null).DistinctBy(column => column.Second).ToDictionary(column => column.Second!, column => column.First);
        Unread = [.. header.Zip(fields).Where(column => column is { First: not ("" or NoValue), Second: null } && !Number().IsMatch(Plain(column.First))).Select(column => Shown(column.First))];
    }

    /// <summary>The header as it stands in the document.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The header of each column that is read, by the column's name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Headers of columns that are not read.</summary>
    public IReadOnlyList<string> Unread { get; }

    /// <summary>Names of a workbook's other sheets that are seen and have something on them.</summary>
    public IReadOnlyList<string> UnreadSheets { get; init; } = [];

    /// <summary>Whether the rows may say who is meant by a name or an address.</summary>
    public bool NamesPeople => OfPerson.Skip(1).Any(Headers.ContainsKey);

    /// <summary>Whether times of day stand in the rows.</summary>
    public bool HasTimes => Headers.ContainsKey("start") || Headers.ContainsKey("period");

    /// <summary>The columns of a header; null where the row is none, as it does not say who was there, when and for how long.</summary>
    public static SheetColumns? Find(IReadOnlyList<string> row, IReadOnlyList<string>? otherSheets = null)
    {
        var fields = row.Select(FieldOf).ToArray();
        return Missing(fields).Any() ? null : new SheetColumns([.. row], fields) { UnreadSheets = [.. (otherSheets ?? []).Select(Shown)] };
    }

    /// <summary>Why the document cannot be read, told by the row that is most like a header; null where it can.</summary>
    public static Refusal? Check(IReadOnlyList<string> row)
    {
        var fields = row.Select(FieldOf).ToArray();
        return Refusal.All(
        [
            .. Missing(fields).Select(columns => Refusal.Invalid(
                "column-missing", "document", $"A column is missing: {string.Join(" or ", columns)}. The first row says «{Shown(string.Join(", ", row.Where(cell => cell.Length > 0 && cell != NoValue)))}».")),
            .. row.Where(cell => !fields.Contains("attended") && Absence().IsMatch(Plain(cell))).Take(1).Select(cell => Refusal.Invalid(
                "column-of-absences", "document", $"The column «{Shown(cell)}» says who was not there: leave their rows and the column out, or say in a column «Явка» who was there.")),
            .. row.Zip(fields).Where(column => column.Second is not null).GroupBy(column => column.Second).Where(same => same.Count() > 1)
                .Select(same => Refusal.Invalid("column-twice", "document", $"Each column is there once: {string.Join(", ", same.Select(column => $"«{Shown(column.First)}»"))}.")),
        ]);
    }

    /// <summary>Whether a row on another sheet may be somebody's shift: a day, what is counted or timed, and words beside them.</summary>
    public static bool MayBeShift(IReadOnlyList<string> row)
    {
        var (days, moments, numbers, words) = (0, 0, 0, 0);
        foreach (var cell in row.Where(cell => cell.Length > 0))
        {
            if (WrittenTime.Day(cell) is not null)
            {
                days++;
            }
            else if (WrittenTime.Moment(cell) is not null)
            {
                moments++;
            }
            // A volunteer's code is who, whatever it begins with.
            else if (cell.Any(char.IsLetter) && (!BeginsWithADigit(cell) || Guid.TryParse(cell, out _)))
            {
                words++;
            }
            else if (BeginsWithADigit(cell))
            {
                numbers++;
            }
        }

        return words > 0 && days + moments > 0 && moments + numbers > 0 && days + moments + numbers > 1;
    }

    /// <summary>Whether the day, or the beginning, begins with a digit, which is not the number of a column («2. Дата»).</summary>
    public bool IsShift(IReadOnlyList<string> row) => ofDay.Any(column => column < row.Count && BeginsWithADigit(row[column]) && FieldOf(row[column]) is null);

    /// <summary>What a row under the header is. What names one column alone, or none, may be somebody's words about a shift, and is read as one.</summary>
    /// <param name="row">The row.</param>
    /// <param name="directlyBelow">It stands under the header, as the second line of one does.</param>
    public RowKind KindOf(IReadOnlyList<string> row, bool directlyBelow)
    {
        // Of the many rows nothing more is asked.
        if (IsShift(row))
        {
            return RowKind.Shift;
        }

        // A total is nobody's: who is named beside «Итоговый концерт» was at an event.
        var label = Enumerable.Range(0, row.Count).FirstOrDefault(column => row[column].Any(char.IsLetter));
        if (row.Count > 0 && Total().IsMatch(row[label]) && !Enumerable.Range(0, row.Count).Any(column => column != label && row[column].Length > 0 && Array.IndexOf(OfPerson, FieldAt(column)) >= 0))
        {
            return RowKind.Total;
        }

        // «(час:мин)» under a header is how it is written, and no other one.
        var words = row.Select(cell => Hint().IsMatch(cell) ? null : FieldOf(cell)).ToArray();
        var columns = Enumerable.Range(0, row.Count).ToArray();
        bool IsOther(int column) => words[column] is { } word && word != FieldAt(column);
        bool IsUnknown(int column) => FieldAt(column) is not null && row[column].Length > 0 && words[column] is null;
        bool IsAlike(int column) => column < row.Count && Letters(row[column]) == Letters(Header[column]);
        bool IsPlainly(int column, string[] some) => column < row.Count && Array.IndexOf(some, words[column]) >= 0 && !Quantity().IsMatch(row[column]);

        // As on each printed page: by its letters, where the shifts have days and lengths, and by its words elsewhere. A break has its unit in its header alone.
        if (ofShift.All(IsAlike))
        {
            return columns.Any(column => IsOther(column) || IsUnknown(column) || (FieldAt(column) == "break" && row[column].Length > 0 && !IsAlike(column))) ? RowKind.OtherHeader : RowKind.Header;
        }

        if (Missing(words).Any()
            ? (columns.Any(IsOther) && ofShift.Count(column => IsPlainly(column, OfShift)) > 1)
                || columns.Any(column => IsOther(column) && IsPlainly(column, InUnits) && Array.IndexOf(InUnits, FieldAt(column)) >= 0 && !row[column].Any(char.IsDigit))
                || (!row.Any(cell => cell.Any(char.IsDigit)) && columns.Any(column => IsOther(column) && Below.Contains(Letters(row[column])) && (directlyBelow || (IsPlainly(column, InUnits) && ofShift.Contains(column)))))
            : columns.Any(column => IsOther(column) || IsUnknown(column)))
        {
            return RowKind.OtherHeader;
        }

        return RowKind.Shift;
    }

    /// <summary>Whether nothing stands in a row; what has no value counts where it would be read.</summary>
    public bool IsEmpty(IReadOnlyList<string> row)
    {
        for (var column = 0; column < row.Count; column++)
        {
            if (row[column].Length > 0 && (row[column] != NoValue || FieldAt(column) is not null))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>How many of the row's cells name a column.</summary>
    public static int Known(IEnumerable<string> row) => row.Count(cell => FieldOf(cell) is not null);

    /// <summary>The texts of a row by the names of their columns; a field that is empty is not there.</summary>
    /// <param name="line">Where the row begins.</param>
    /// <param name="cells">Its texts.</param>
    /// <param name="separated">The row is a line of text: a separator too many or too few moves every field after it.</param>
    public RawRow Row(int line, IReadOnlyList<string> cells, bool separated)
    {
        if (separated && (cells.Count < needed || cells.Skip(fields.Length).Any(cell => cell.Length > 0)))
        {
            return RawRow.Broken(line, "wrong-number-of-fields", $"A row has no more fields than the header, {fields.Length}, and at least those that are read, {needed}.");
        }

        var read = new Dictionary<string, string>();
        for (var column = 0; column < cells.Count; column++)
        {
            if (cells[column].Length == 0)
            {
                continue;
            }

            if (FieldAt(column) is { } field)
            {
                if (cells[column] == NoValue)
                {
                    return new RawRow(line, read, new Fault(field, "cell-without-value", "The cell shows an error, or its formula was saved without a value: mend it, and save the workbook.", Header[column]));
                }

                read[field] = cells[column];
            }
            else if ((separated || (BeginsWithADigit(cells[column]) && IsUnderShift(column))) && (column >= Header.Count || Header[column].Length == 0))
            {
                return RawRow.Broken(line, "value-without-column", "A field stands in a column without a header; is a number's decimal comma taken for a separator, or a header spread over several columns?");
            }
        }

        return new RawRow(line, read, Headers: Headers);
    }

    private static IEnumerable<string[]> Missing(string?[] fields) => new[] { OfPerson, OfDay, OfLength }.Where(columns => !columns.Any(column => fields.Contains(column)));

    // Under a header that is spread over several columns the next ones have none: two days, or hours and minutes.
    private bool IsUnderShift(int column)
    {
        for (column = Math.Min(column, Header.Count) - 1; column >= 0 && Header[column].Length == 0; column--)
        {
        }

        return ofShift.Contains(column);
    }

    private string? FieldAt(int column) => column < fields.Length ? fields[column] : null;

    private static bool BeginsWithADigit(string cell) => cell.Length > 0 && char.IsAsciiDigit(cell[0]);

    private static string Shown(string text) => text.Length > 50 ? text[..50] + "…" : text;

    // What a header says is told by its letters alone: «Ф. И. О.», «Кол-во часов (факт)», volunteer_id, volunteerId. The first that fits counts.
    private static string? FieldOf(string header)
    {
        if (header.Length > LongestHeader || !header.Any(char.IsLetter))
        {
            return null;
        }

        var plain = Letters(header);
        return plain.Length is 0 or > 60 ? null
            : OwnNames.GetValueOrDefault(plain) ?? Wordings.FirstOrDefault(wording => wording.Pattern.IsMatch(plain)).Field;
    }

    // Made of letters and digits alone; what stands between those is not endless.
    private const int LongestHeader = 200;

    private static readonly FrozenDictionary<string, string> OwnNames = All.ToFrozenDictionary(Plain);

    private static string Letters(string header) => Plain(Numbered().Replace(header, ""));

    private static string Plain(string header) => string.Concat(
        header.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Replace('ё', 'е').Where(char.IsLetterOrDigit));

    private static readonly (string? Field, Regex Pattern)[] Wordings =
    [
        // Days that are no shift's, people who are not meant.
        (null, Other()),
        (null, Absence()),
        (null, NotWorked()),
        ("email", Email()),
        ("zone", Zone()),
        ("volunteer_id", Code()),
        ("family_name", Family()),
        ("patronymic", Patronymic()),
        ("given_name", Given()),
        ("break", Break()),
        ("end", End()),
        ("start", Start()),
        ("date", Date()),
        ("minutes", Minutes()),
        ("period", Times()),
        ("hours", Hours()),
        ("attended", Attended()),
        ("project", Project()),
        ("task_type", TaskType()),
        ("region", Region()),
        ("level", Level()),
        ("name", Name()),
    ];

    private const RegexOptions Options = RegexOptions.CultureInvariant;

    // «1. ФИО», «1.2) Дата», «№3 – Часы».
    [GeneratedRegex(@"^[№N]?\s*\d{1,2}(\.\d{1,2})*\s*[.):–—-]?\s*(?=[(«""]?\p{L})", Options)]
    private static partial Regex Numbered();

    // «4 часа» may be a length as well as the fourth column.
    [GeneratedRegex(@"^\d+\s*\p{L}", Options)]
    private static partial Regex Quantity();

    [GeneratedRegex(@"^\W*(итог|итого|итоги|итогов(ое|ая|ый|ые)|всего|общее (количество|число|время)|(количество|число|сумма) часов|total)(?!\p{L})", Options | RegexOptions.IgnoreCase)]
    private static partial Regex Total();

    [GeneratedRegex("^(no?|номер)?(пп)?$", Options)]
    private static partial Regex Number();

    [GeneratedRegex("(рожден|регистрац|заполнен|выдач|подпис|составлен|договор|датаоконч|датазаверш|координатор|ответственн(?!ост)|руководител|куратор|родител|представител|birth)", Options)]
    private static partial Regex Other();

    [GeneratedRegex("(неявк|неявил|неприсутств|отсутств|небыл|непришел|непришла|прогул|absen)", Options)]
    private static partial Regex Absence();

    // Hours that were meant, paid or missed.
    [GeneratedRegex("^(?=.*(час|мин|отработ|длит|продолж|hour|minute))(?=.*(план(?!ет)|норм|стоим|неотраб|дней|сутк|сначала|нараста|накоп|пропущ|(?<!без)оплат|(?<!до)ставк|остал|остат|planned|(?<!un)paid|(^|hourly)rate))", Options)]
    private static partial Regex NotWorked();

    [GeneratedRegex(@"^\W*(час|ч|чч|hh?)\W+(мин|м|мм|mm?)\W*$", Options | RegexOptions.IgnoreCase)]
    private static partial Regex Hint();

    [GeneratedRegex("(email|mail|почта|почты|имейл|емейл|емаил)", Options)]
    private static partial Regex Email();

    [GeneratedRegex("(часовойпояс|часпояс|^пояс$|timezone|^tz$)", Options)]
    private static partial Regex Zone();

    [GeneratedRegex("^(код|id|uuid|ид|идентификатор|volunteercode|code)(волонтера?|добровольца|участника|человека|вкнижке|volunteer)?$|^(волонтер|доброволец|участник)id$", Options)]
    private static partial Regex Code();

    [GeneratedRegex("^(фамилия(волонтера|добровольца|участника)?|surname|lastname|familyname)$", Options)]
    private static partial Regex Family();

    [GeneratedRegex("^(отчество.*|patronymic|middlename)$", Options)]
    private static partial Regex Patronymic();

    [GeneratedRegex("^(имя|givenname|firstname)$", Options)]
    private static partial Regex Given();

    [GeneratedRegex("^(перерыв|обед|break)", Options)]
    private static partial Regex Break();

    [GeneratedRegex("^(конец|окончани|завершени|времяоконч|времязаверш|времяконц|времяуход|времявыход|уход|ушел|ушла|по$|до$|end|finish|to$|timeout$|endtime|until)", Options)]
    private static partial Regex End();

    [GeneratedRegex("^(начало|времянач|времяприход|времяприбыт|времявход|приход|пришел|пришла|прибыти|датаивремя|датавремя|с$|start|begin|from$|timein$)", Options)]
    private static partial Regex Start();

    [GeneratedRegex("^(дата|день(?!недели)|число$|date|day$)", Options)]
    private static partial Regex Date();

    [GeneratedRegex("(минут|мин$|minute|^min$)", Options)]
    private static partial Regex Minutes();

    [GeneratedRegex("^(время$|времяработ|времясмен|времяпровед|времямеропр|времяучаст|времяволонт|времядобровол|период|часыработы$|time$|period$)", Options)]
    private static partial Regex Times();

    [GeneratedRegex("(^ч$|(?<!у)час(?!т)|^отработ|длительн|продолжит|времяч$|hour|duration|^hrs?$)", Options)]
    private static partial Regex Hours();

    [GeneratedRegex("^(присутств|явка|посещени|посетил|отметкао|был$|была$|attend|present)", Options)]
    private static partial Regex Attended();

    [GeneratedRegex("^((название|наименование)?(проект|мероприяти|событи|програм|акци)|project|event|programme|program)", Options)]
    private static partial Regex Project();

    [GeneratedRegex("^(код(вида)?(работ|деятельности|задачи)|кодicnptso|icnptso|tasktype)", Options)]
    private static partial Regex TaskType();

    [GeneratedRegex("^(регион|субъект|кодрегиона|region)", Options)]
    private static partial Regex Region();

    [GeneratedRegex("^(уровеньответственности|ответственность|level)", Options)]
    private static partial Regex Level();

    [GeneratedRegex("^(фио|фи$|фамилияимя|фамилияи|имяи|имяфамилия|имяволонтера|имядобровольца|имяучастника|волонтер|доброволец|участник|фиоволонтер|список|name|fullname|volunteer|participant)", Options)]
    private static partial Regex Name();
}
