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
        "volunteer_id", "email", "name", "family_name", "given_name", "patronymic", "date", "start", "end", "period", "hours", "minutes", "break", "zone",
        "attended", "later", "project", "task_type", "region", "level",
    ];

    private static readonly string[] OfPerson = ["volunteer_id", "email", "name", "family_name"];
    private static readonly string[] OfDay = ["start", "date"];
    private static readonly string[] OfLength = ["minutes", "hours", "end", "period"];
    private static readonly string[] OfShift = [.. OfDay, .. OfLength];
    private static readonly string[] InUnits = ["minutes", "hours"];
    private static readonly string[] OfBareNumbers = ["break", .. InUnits];
    private static readonly string[] OfTime = ["start", "end", "period", .. OfBareNumbers];

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
        Headers = header.Zip(fields)
            .Where(column => column.Second is not null).DistinctBy(column => column.Second).ToDictionary(column => column.Second!, column => column.First);
        Unread = [.. header.Zip(fields).Where(column => column is { First: not ("" or NoValue), Second: null } && !Number().IsMatch(Plain(column.First)))
            .Select(column => Shown(column.First))];
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
        // Where day and length are said, what else is counted in hours is left unread, by name; not so what may be the work itself, its day or its person, or
        // its time where the sheet seems to have days only.
        bool Has(string[] some) => fields.Any(field => Array.IndexOf(some, field) >= 0);
        var (saysWhoCame, hasPeriod) = (Has(["attended"]), Has(["period"]));
        var (isWhole, hasStart) = (Has(InUnits) && Has(OfDay), Has(["start", "period"]));
        var unclear = row.Where(header => (IsUnclear(header) && (!isWhole || HeaderWords.IsOfWork(header) || (!hasStart && HeaderWords.IsOfStart(header))))
            || IsUnread(header, words => (!hasStart && HeaderWords.IsOfTime(words)) || HeaderWords.IsOfDay(words) || OfNames().IsMatch(Plain(words))))
            .Select(Shown).ToArray();
        return Refusal.All(
        [
            unclear.Length == 0 ? null : Refusal.Invalid(
                "column-unclear", "document",
                $"It is not clear what is under {string.Join(", ", unclear.Select(header => $"«{header}»"))}: name the column with people «ФИО», "
                    + "the one with days «Дата» and the one with the time worked «Часы» or «Минуты», or use «Начало», «Окончание» and «Перерыв, мин», "
                    + "and remove the other columns.")
                with { Extensions = new Dictionary<string, object?> { ["columns"] = unclear } },
            .. Missing(fields).Where(columns => unclear.Length == 0 || columns == OfPerson).Select(columns => Refusal.Invalid(
                "column-missing", "document",
                $"A column is missing: {string.Join(" or ", columns)}. "
                    + $"The first row says «{Shown(string.Join(", ", row.Where(cell => cell.Length > 0 && cell != NoValue)))}».")),
            .. row.Where(cell => !saysWhoCame && Absence().IsMatch(Plain(cell))).Take(1).Select(cell => Refusal.Invalid(
                "column-of-absences", "document",
                $"The column «{Shown(cell)}» says who was not there: remove it together with their rows, or add a column «Явка» that says who was there.")),
            // From when to when is said once, too.
            .. row.Zip(fields).Where(column => column.Second is not null)
                .GroupBy(column => column.Second is "end" && hasPeriod ? "period" : column.Second).Where(same => same.Count() > 1)
                .Select(same => Refusal.Invalid(
                    "column-twice", "document",
                    $"Each column may appear only once: {string.Join(", ", same.Select(column => $"«{Shown(column.First)}»"))}.")),
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
    public bool IsShift(IReadOnlyList<string> row) =>
        ofDay.Any(column => column < row.Count && BeginsWithADigit(row[column]) && !(Numbered().IsMatch(row[column]) && FieldOf(row[column]) is not null));

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

        // «(час:мин)» under a header of a time of day is how it is written, and no other one.
        var words = row.Select((cell, column) => FieldAt(column) is "start" or "end" or "period" && Hint().IsMatch(cell) ? null : FieldOf(cell)).ToArray();
        if (IsTotal(row, words))
        {
            return RowKind.Total;
        }

        var columns = Enumerable.Range(0, row.Count).ToArray();
        var hasDigits = row.Any(cell => cell.Any(char.IsDigit));
        bool IsOther(int column) =>
            words[column] is { } word && (word != FieldAt(column) || (OfBareNumbers.Contains(word) && Unit(word, row[column]) != Unit(word, Header[column])));
        bool IsUnknown(int column) => FieldAt(column) is not null && row[column].Length > 0 && words[column] is null;
        bool IsAlike(int column) => column < row.Count && Letters(row[column]) == Letters(Header[column]);
        // «План» under «Часы» and nobody beside it.
        bool IsPartOfHeader(int column) =>
            directlyBelow && OfBareNumbers.Contains(FieldAt(column)) && row[column].Length > 0 && (IsOther(column) || IsUnknown(column))
            && !columns.Any(beside => Array.IndexOf(OfPerson, FieldAt(beside)) >= 0 && row[beside].Length > 0 && row[beside][0] != '(');
        bool IsPlainly(int column, string[] some) => column < row.Count && Array.IndexOf(some, words[column]) >= 0 && !Quantity().IsMatch(row[column]);

        // As on each printed page: by its letters, where the shifts have days and lengths, and by its words elsewhere.
        if (ofShift.All(IsAlike))
        {
            return columns.Any(column => IsOther(column) || IsUnknown(column)) ? RowKind.OtherHeader : RowKind.Header;
        }

        if (!Missing(words).Any())
        {
            return columns.Any(column => IsOther(column) || IsUnknown(column)) ? RowKind.OtherHeader : RowKind.Shift;
        }

        if ((columns.Any(IsOther) && ofShift.Count(column => IsPlainly(column, OfShift)) > 1)
            || columns.Any(
                column => IsOther(column) && IsPlainly(column, InUnits) && Array.IndexOf(InUnits, FieldAt(column)) >= 0 && !row[column].Any(char.IsDigit))
            || (!hasDigits && columns.Any(column => IsOther(column)
                && (directlyBelow ? IsPlainly(column, OfTime) || Day().IsMatch(Letters(row[column])) : IsPlainly(column, InUnits) && ofShift.Contains(column))))
            || (!hasDigits && columns.Any(IsPartOfHeader))
            || (!hasDigits && columns.Count(column => FieldAt(column) is not null && IsAlike(column)) > 1
                && ofShift.Any(column => column < row.Count && (IsOther(column) || IsUnknown(column)))))
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
            return RawRow.Broken(
                line, "wrong-number-of-fields",
                $"A row must have no more fields than the header, which has {fields.Length}, and at least the {needed} that are read.");
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
                    return new RawRow(line, read, new Fault(
                        field, "cell-without-value",
                        "The cell shows an error, or its formula was saved without a value: correct it, and save the workbook again.", Header[column]));
                }

                read[field] = cells[column];
            }
            else if ((separated || (BeginsWithADigit(cells[column]) && IsUnderShift(column))) && (column >= Header.Count || Header[column].Length == 0))
            {
                return RawRow.Broken(
                    line, "value-without-column",
                    "There is a value in a column without a header; is a decimal comma being read as a separator, "
                        + "or does a header span several columns?");
            }
        }

        return new RawRow(line, read, Headers: Headers);
    }

    private static IEnumerable<string[]> Missing(string?[] fields) =>
        new[] { OfPerson, OfDay, OfLength }.Where(columns => !columns.Any(column => fields.Contains(column)));

    // Under a header that is spread over several columns the next ones have none: two days, or hours and minutes.
    private bool IsUnderShift(int column)
    {
        for (column = Math.Min(column, Header.Count) - 1; column >= 0 && Header[column].Length == 0; column--)
        {
        }

        return ofShift.Contains(column);
    }

    // A total is nobody's, and names no other column: who is named beside «Итого» was at an event that is called so, and «Всего минут» alone is a header.
    private bool IsTotal(IReadOnlyList<string> row, string?[] words)
    {
        var label = Enumerable.Range(0, row.Count).FirstOrDefault(column => row[column].Any(char.IsLetter));
        return row.Count > 0 && HeaderWords.IsTotal(row[label])
            && (row[label].EndsWith(':') || row.Any(BeginsWithADigit) || (words[label] is null && !OfBareNumbers.Contains(FieldAt(label))))
            && Enumerable.Range(label + 1, row.Count - label - 1).Where(column => !HeaderWords.IsTotal(row[column])).All(column =>
                words[column] is null && (Array.IndexOf(OfPerson, FieldAt(column)) < 0 || !row[column].Any(char.IsLetter) || BeginsWithADigit(row[column])));
    }

    private static TimeUnit? Unit(string field, string header) => HeaderWords.UnitOf(header, field == "hours" ? TimeUnit.Hours : null);

    private string? FieldAt(int column) => column < fields.Length ? fields[column] : null;

    private static bool BeginsWithADigit(string cell) => cell.Length > 0 && char.IsAsciiDigit(cell[0]);

    private static string Shown(string text) => text.Length > 50 ? text[..(char.IsHighSurrogate(text[49]) ? 49 : 50)] + "…" : text;

    // What a header says is told by its letters alone: «Ф. И. О.», volunteer_id, volunteerId. The first that fits counts. Of
    // times and lengths every word must be known.
    private static string? FieldOf(string header)
    {
        if (header.Length > HeaderWords.Longest || !header.Any(char.IsLetter))
        {
            return null;
        }

        var words = Said(header);
        var plain = Plain(words);
        return plain.Length is 0 or > 60 ? null
            : OwnNames.GetValueOrDefault(plain)
                ?? (Says(Plainly, plain) is { } said
                    ? said.Field
                    : HeaderWords.FieldOf(words) ?? (HeaderWords.IsUnclear(words) ? null : Says(Wordings, plain)?.Field));
    }

    // Whether a header speaks of times or lengths, and of what in particular is not certain.
    private static bool IsUnclear(string header) => IsUnread(header, HeaderWords.IsUnclear);

    // Whether a header that is not read, and not known to be of something else, speaks of something.
    private static bool IsUnread(string header, Predicate<string> speaks) =>
        header.Length <= HeaderWords.Longest && Said(header) is var words && speaks(words) && FieldOf(header) is null && Says(Plainly, Plain(words)) is null;

    // Without its number, and without how its cells are written: «(час:мин)», «(дд.мм.гггг)».
    private static string Said(string header) =>
        Numbered().Replace(header, "") is var words && Format().Replace(words, "") is var said && said.Any(char.IsLetter) ? said : words;

    private static (string? Field, Regex Pattern)? Says((string? Field, Regex Pattern)[] wordings, string plain) =>
        Array.FindIndex(wordings, wording => wording.Pattern.IsMatch(plain)) is var found and >= 0 ? wordings[found] : null;

    private static readonly FrozenDictionary<string, string> OwnNames = All.ToFrozenDictionary(Plain);

    private static string Letters(string header) => Plain(Numbered().Replace(header, ""));

    private static string Plain(string header) => string.Concat(
        header.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Replace('ё', 'е').Where(char.IsLetterOrDigit));

    private static readonly (string? Field, Regex Pattern)[] Plainly =
    [
        // Days that are no shift's, people who are not meant.
        (null, Other()),
        (null, Absence()),
        (null, Sent()),
        ("email", Email()),
        ("zone", Zone()),
        ("volunteer_id", Code()),
        ("family_name", Family()),
        ("patronymic", Patronymic()),
        ("given_name", Given()),
        ("name", FullName()),
        ("period", WorkingHours()),
    ];

    private static readonly (string? Field, Regex Pattern)[] Wordings =
    [
        ("period", Times()),
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

    [GeneratedRegex("^(no?|номер)?(пп)?$", Options)]
    private static partial Regex Number();

    [GeneratedRegex("(рожден|регистрац|заполнен|выдач|подпис|составлен|договор|датаоконч|датазаверш|координатор|ответственн(?!ост)|руководител|куратор|родител|"
        + "представител|birth)", Options)]
    private static partial Regex Other();

    [GeneratedRegex("(неявк|неявил|неприсутств|отсутств|небыл|непришел|непришла|прогул|absen)", Options)]
    private static partial Regex Absence();

    [GeneratedRegex(@"^\W*(час|ч|чч|hh?)\W+(мин|м|мм|mm?)\W*$", Options | RegexOptions.IgnoreCase)]
    private static partial Regex Hint();

    [GeneratedRegex("(email|mail|почта|почты|имейл|емейл|емаил)", Options)]
    private static partial Regex Email();

    [GeneratedRegex("(часовойпояс|часпояс|^пояс$|timezone|^tz$)", Options)]
    private static partial Regex Zone();

    [GeneratedRegex(
        "^(код|id|uuid|ид|идентификатор|volunteercode|code)(волонтера?|добровольца|участника|человека|вкнижке|volunteer)?$|^(волонтер|доброволец|участник)id$",
        Options)]
    private static partial Regex Code();

    [GeneratedRegex("^(фамилия(волонтера|добровольца|участника)?|surname|lastname|familyname)$", Options)]
    private static partial Regex Family();

    [GeneratedRegex("^(отчество.*|patronymic|middlename)$", Options)]
    private static partial Regex Patronymic();

    [GeneratedRegex("^(имя|givenname|firstname)$", Options)]
    private static partial Regex Given();

    // When a form was filled in or sent.
    [GeneratedRegex("^(отметкавремени|timestamp|время(создания|ответа|отправки|выполнения)|(дата|датаивремя)(создания|ответа|отправки)|completiontime|"
        + "(submitted|submission|created)(at|on|date|time)?)$", Options)]
    private static partial Regex Sent();

    [GeneratedRegex(@"\s*[(\[]\s*((час|чч|ч|hh?)\s*[:.]\s*(мин|мм|м|mm?)(\s*[:.]\s*(сек|сс|с|ss?))?|(д{1,2}|м{1,2}|г{2,4}|d{1,2}|m{1,2}|y{2,4})([.\-/ ](д{1,2}|"
        + @"м{1,2}|г{2,4}|d{1,2}|m{1,2}|y{2,4})){1,2})\.?\s*[)\]]|[,\s]\s*(дд|dd|гггг|yyyy|mm|мм)([.\-/](дд|мм|гг(гг)?|dd|mm|"
        + @"yy(yy)?)){2}$", Options | RegexOptions.IgnoreCase)]
    private static partial Regex Format();

    [GeneratedRegex("^(время$|времяработ|времясмен|времяпровед|времямеропр|времяучаст|времяволонт|времядобровол|период|time$|period$)", Options)]
    private static partial Regex Times();

    // From when to when, as at a door.
    [GeneratedRegex("^часыработы$", Options)]
    private static partial Regex WorkingHours();

    [GeneratedRegex("^(дата|день|date|day)$", Options)]
    private static partial Regex Day();

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

    // All of its words must be of the person who was there: «ФИО подопечного» and «Name of event» are not.
    [GeneratedRegex("^(фио|фи|фамилияимяотчество|фамилияимяиотчество|фамилияимя|фамилияиимя|фамилияи(инициалы|нициалы)?|фамилияио|имяи(фамилия|отчество)|"
        + "имяфамилия|имяволонтера|имядобровольца|имяучастника|полноеимя|fullname)(полностью|приналичии|последнееприналичии|отчествоприналичии|нарусском|"
        + "вименительномпадеже|группа|курс|студентов|работника|бойца|мероприятия|волонтера|волонтеров|добровольца|добровольцев|участника|участников|человека|"
        + "студента|сотрудника|обучающегося|ученика|школьника|of|volunteer|participant)*$", Options)]
    private static partial Regex FullName();

    // Whoever it is, it is somebody.
    [GeneratedRegex("^(фио|фамилияимя|fullname)|фио$", Options)]
    private static partial Regex OfNames();

    // «Волонтёрские часы» are hours.
    [GeneratedRegex("^(волонтер|волонтеры|волонтера|доброволец|добровольцы|участник|участники|список|name|names|volunteer|volunteers|participant|"
        + "participants)(фио|имя|полностью|мероприятия|студентов|волонтеров|добровольцев|участников|name|names|full|of|the|volunteers?|participants?|firstlast|"
        + "lastfirst|pleaseprint)*$", Options)]
    private static partial Regex Name();
}
