using System.Globalization;
using System.Net.Mail;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>A row as it stands in the document: texts under the names of its columns, or why it could not be read.</summary>
/// <param name="Line">Where it begins, from 1: the line of a CSV, the row of a workbook, the place in a JSON array.</param>
/// <param name="Fields">By column; a field that is empty is not there.</param>
/// <param name="Unreadable">The rule that its form breaks.</param>
/// <param name="Headers">How the document itself heads its columns; null where it has none.</param>
public sealed record RawRow(int Line, IReadOnlyDictionary<string, string> Fields, Fault? Unreadable = null, IReadOnlyDictionary<string, string>? Headers = null)
{
    /// <summary>A row whose fields cannot be told apart.</summary>
    public static RawRow Broken(int line, string code, string rule) => new(line, new Dictionary<string, string>(), new Fault("row", code, rule));
}

/// <summary>What is wrong with a row.</summary>
/// <param name="Field">The column's name, or <c>row</c>.</param>
/// <param name="Code">Stable kebab-case name of the rule.</param>
/// <param name="Rule">The rule as a sentence in English.</param>
/// <param name="Column">The column's header as the document has it; null where there is none.</param>
public sealed record Fault(
    string Field, string Code, string Rule, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Column = null);

/// <summary>Who is meant, as the organisation writes it. It is never stored here: only Profiles knows people.</summary>
/// <param name="Name">Name, as far as it is said.</param>
/// <param name="Email">E-mail address, where it is said.</param>
public sealed record WrittenPerson(string? Name, string? Email)
{
    /// <summary>As it is the same for one who is written with other spaces or capitals.</summary>
    [JsonIgnore]
    public WrittenPerson Key => new(
        Name is null ? null : string.Join(' ', Name.Normalize().ToUpperInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)),
        Email?.ToUpperInvariant());
}

/// <summary>What holds for rows that do not say it themselves.</summary>
/// <param name="Zone">The IANA zone; null where each row must say it.</param>
/// <param name="Start">When shifts begin; null where each row must say it.</param>
public sealed record ForAllRows(string? Zone = null, TimeOnly? Start = null);

/// <summary>Reads the rows of an attendance sheet.</summary>
public static partial class SheetRow
{
    /// <summary>The row, or all that is wrong with it. Who is meant by name or address is told beside it: the row then names nobody (the nil UUID).</summary>
    /// <param name="raw">The row as it stands there.</param>
    /// <param name="all">What holds for rows that do not say it.</param>
    /// <param name="now">A shift that is not over cannot have been worked.</param>
    public static (AttendanceRow? Row, WrittenPerson? Who, IReadOnlyList<Fault> Faults) Read(RawRow raw, ForAllRows all, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(raw);
        ArgumentNullException.ThrowIfNull(all);
        if (raw.Unreadable is { } unreadable)
        {
            return (null, null, [unreadable]);
        }

        var reading = new Reading(raw);
        var (volunteer, who) = reading.Person();
        var (start, startColumn) = reading.Start(all.Start);
        var attended = reading.Value<bool>("attended", Attended, "not-yes-or-no",
            "The value must be one of yes, no, да, нет, true, false, 1, 0, +, -, явка, неявка.");
        if (raw.Headers?.ContainsKey("attended") == true && !raw.Fields.ContainsKey("attended"))
        {
            // Some registers mark who was there and others who was not.
            reading.Fail("attended", "field-missing", "Say in each row whether the volunteer was there, or leave the column out.");
        }

        var level = reading.Value<ResponsibilityLevel>("level", ReadLevel, "unknown-level",
            "The level must be one of participant, teamLead, coordinator, expert.");
        // Of a project of which nothing is seen, nothing is said.
        var project = Written.Kept(reading.Text("project", 200));
        if (!reading.Faults.Exists(fault => fault.Field == "project") && Writing.Missing("project", project) is { } unwritten)
        {
            reading.Fail("project", "characters-not-written", unwritten.Rule);
        }

        var taskType = reading.Text("task_type", 10);
        if (taskType is not null && TaskTypes.Find(taskType) is null)
        {
            reading.Fail("task_type", "unknown-task-type", "The task type must be an ICNP/TSO code such as D12.");
        }

        var region = reading.Text("region", 100) is { } place
            ? RegionOf(place) ?? reading.Fail("region", "unknown-region", "The region must be an ISO 3166-2 code such as RU-MOW, or the region's full name.")
            : null;
        var zone = reading.Text("zone", 100) ?? all.Zone;
        if (zone is null)
        {
            reading.Fail("zone", "field-missing", "Name the IANA time zone in the row or for the whole sheet.");
        }

        // Of a start that the clock shows twice.
        var later = reading.Value<bool>("later", Answer, "not-yes-or-no", "The value must be one of yes, no, да, нет, true, false, 1, 0.") ?? false;
        var (minutes, minutesColumn) = reading.Length(start, zone, later);
        if (reading.Faults.Count > 0)
        {
            return (null, who, reading.Faults);
        }

        var shift = new Shift(start!.Value, zone!, minutes!.Value, later);
        foreach (var (member, code, rule) in shift.BrokenRules(now))
        {
            reading.Fail(member switch { "start" => startColumn, "minutes" => minutesColumn, _ => member }, code, rule);
        }

        return reading.Faults.Count > 0
            ? (null, who, reading.Faults)
            : (new AttendanceRow(raw.Line, volunteer, shift, attended ?? true, project, taskType, region, level), who, []);
    }

    /// <summary>
    /// Who is meant by a row that gives a name or an address and no code, whatever else is wrong with it; null where that is itself no name and no address.
    /// </summary>
    public static WrittenPerson? Who(RawRow raw)
    {
        var reading = new Reading(raw);
        return raw.Unreadable is null && reading.Person().Who is { } who && reading.Faults.Count == 0 ? who : null;
    }

    private static bool? Answer(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "y" or "true" or "1" or "да" => true,
        "no" or "n" or "false" or "0" or "нет" => false,
        _ => null,
    };

    private static bool? Attended(string text) => Answer(text) ?? text.ToLowerInvariant() switch
    {
        "+" or "v" or "✓" or "✔" or "явка" or "был" or "была" or "присутствовал" or "присутствовала" => true,
        "-" or "–" or "—" or "н" or "н/я" or "неявка" or "не был" or "не была" or "отсутствовал" or "отсутствовала" => false,
        _ => null,
    };

    private static ResponsibilityLevel? ReadLevel(string text) =>
        Enum.GetValues<ResponsibilityLevel>()
            .Cast<ResponsibilityLevel?>().FirstOrDefault(level => JsonNamingPolicy.CamelCase.ConvertName(level.ToString()!) == text);

    private static string? RegionOf(string text) =>
        (Regions.Find(text) ?? Regions.All.FirstOrDefault(region =>
            string.Equals(region.Russian, text, StringComparison.OrdinalIgnoreCase)
            || string.Equals(region.English, text, StringComparison.OrdinalIgnoreCase)))?.Code;

    // A cell of a spreadsheet may have several lines; what it says is one.
    private static Dictionary<string, string> InLines(IReadOnlyDictionary<string, string> fields) =>
        fields.ToDictionary(field => field.Key, field => LineEnds().Replace(field.Value, " "));

    private static bool IsLine(string cell) => !LineEnds().IsMatch(cell);

    [GeneratedRegex(@"\s*[\t\r\n\u2028\u2029]\s*", RegexOptions.CultureInvariant)]
    private static partial Regex LineEnds();

    // One row while it is read: each fault is kept, so that all are told at once.
    private sealed class Reading(RawRow found)
    {
        private readonly RawRow raw = found.Fields.Values.All(IsLine) ? found : found with { Fields = InLines(found.Fields) };

        private static readonly string[] OfLength = ["minutes", "hours", "end", "period"];

        public List<Fault> Faults { get; } = [];

        // Whether days stand in a column of their own.
        private bool HasDays => raw.Headers?.ContainsKey("date") ?? raw.Fields.ContainsKey("date");

        public string? Fail(string field, string code, string rule)
        {
            Faults.Add(new Fault(field, code, rule, raw.Headers?.GetValueOrDefault(field)));
            return null;
        }

        /// <summary>A field's text; a broken one is told and given all the same.</summary>
        public string? Text(string column, int most)
        {
            var text = raw.Fields.GetValueOrDefault(column);
            if (Rules.OptionalLine(column, text, most) is { } broken)
            {
                Fail(column, broken.Code, broken.Message);
            }
            else if (text?.Contains('\uFFFD', StringComparison.Ordinal) == true)
            {
                Fail(column, "not-in-the-encoding", "The text is not in the encoding that was declared for the sheet.");
            }

            return text;
        }

        public T? Value<T>(string column, Func<string, T?> read, string code, string rule) where T : struct
        {
            if (Text(column, 200) is not { } text)
            {
                return null;
            }

            var value = read(text);
            if (value is null)
            {
                Fail(column, code, rule);
            }

            return value;
        }

        /// <summary>The volunteer's id, or who is meant otherwise. Whatever the column, a code is a code and an address an address.</summary>
        public (Guid Id, WrittenPerson? Who) Person()
        {
            if (Value<Guid>("volunteer_id", Code, "not-an-id", "The volunteer's code must be a UUID.") is { } id)
            {
                return (id, null);
            }

            var name = Written.Kept(Text("name", 300)) ?? (string.Join(
                ' ',
                new[] { Text("family_name", 100), Text("given_name", 100), Text("patronymic", 100) }.Select(Written.Kept).OfType<string>())
                is { Length: > 0 } parts ? parts : null);
            if (name is not null && Code(name) is { } named)
            {
                return (named, null);
            }

            var email = Text("email", 254);
            if (email is null && name?.Contains('@', StringComparison.Ordinal) == true)
            {
                (email, name) = (name, null);
            }

            if (email is not null && !MailAddress.TryCreate(email, out _))
            {
                Fail("email", "email-shape", "The e-mail address must look like name@example.org.");
            }

            if (name is not null && !name.Any(char.IsLetter))
            {
                Fail(raw.Fields.ContainsKey("name") ? "name" : "family_name", "name-letters", "A name must have letters.");
            }

            if (name is null && email is null)
            {
                if (!raw.Fields.ContainsKey("volunteer_id"))
                {
                    Fail(
                        First("volunteer_id", "name", "email", "family_name"),
                        "field-missing",
                        "Say who was there: the volunteer's code, e-mail address or name.");
                }

                return default;
            }

            return (Guid.Empty, new WrittenPerson(name, email));
        }

        /// <summary>When the shift began, and the column that says it.</summary>
        public (DateTime? At, string Column) Start(TimeOnly? otherwise)
        {
            var day = Value<DateTime>(
                "date", text => WrittenTime.Day(text)?.ToDateTime(TimeOnly.MinValue) ?? WrittenTime.Moment(text), "not-a-date",
                "The date must be written as 2026-05-09 or 09.05.2026.");
            if (Text("start", 200) is { } text)
            {
                if (WrittenTime.Moment(text) is { } at)
                {
                    if (day is { } said && said.Date != at.Date)
                    {
                        Fail("start", "days-differ", "The date and the start give different days.");
                    }

                    return (at, "start");
                }

                if (WrittenTime.Time(text) is not { } time || !HasDays)
                {
                    Fail("start", HasDays ? "not-a-time" : "not-a-local-time", HasDays
                        ? "The start must be a time such as 10:00."
                        : "The start must be a local date and time such as 2026-05-09T10:00 or 09.05.2026 10:00.");
                    return (null, "start");
                }

                return (DayOrMissing(day)?.Date + time, "start");
            }

            if (Period() is { } period)
            {
                return (DayOrMissing(day)?.Date + period.From, "period");
            }

            if (day is { TimeOfDay.Ticks: > 0 })
            {
                return (day, "date");
            }

            if (HasDays && DayOrMissing(day) is { } date && otherwise is { } usual)
            {
                return (date + usual.ToTimeSpan(), "date");
            }

            if (!raw.Fields.ContainsKey("period") && (!HasDays || otherwise is null))
            {
                Fail(First("start", "period"), "field-missing", "Say when the shift began, in the row or for the whole sheet.");
            }

            return (null, "start");
        }

        /// <summary>How long the shift was, in minutes, and the column that says it: said, or from its beginning to its end, less a break.</summary>
        public (int? Minutes, string Column) Length(DateTime? start, string? zone, bool later)
        {
            var whole = Value<int>(
                "minutes",
                text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
                    : InMinutes(text) ? WrittenTime.Length(text, null)
                    : null,
                "not-a-number", "The minutes must be a whole number.");
            var hours = Value<int>(
                "hours", text => WrittenTime.Length(text, Unit("hours", TimeUnit.Hours)), "not-a-duration",
                "The hours must be written as 4,5 or 4:30, or as 4 ч 30 мин.");
            var pause = Value<int>(
                "break", text => text is "-" or "–" or "—" ? 0 : WrittenTime.Length(text, Unit("break", null)),
                "not-a-duration", "The break must be a length of time with its unit: 0:30, 30 мин or 0,5 ч.");
            var spanned = Span(start, zone, later);
            if ((whole, hours) is ({ } minutes, { } said) && minutes != said)
            {
                // «4 ч» and «30 мин» in columns of their own.
                if (said % 60 != 0 || minutes is < 0 or > 59)
                {
                    Fail("minutes", "hours-and-minutes-differ", "The hours and the minutes give different lengths.");
                }

                whole = said + minutes;
            }

            if ((whole ?? hours) is { } length)
            {
                var column = whole is not null ? "minutes" : "hours";
                if (spanned is { } most && length > most)
                {
                    Fail(column, "longer-than-its-times", "The shift is longer than the time from its start to its end.");
                }

                return (length, column);
            }

            if (spanned is null && !Faults.Exists(fault => OfLength.Contains(fault.Field))
                && !(raw.Fields.ContainsKey("end") || raw.Fields.ContainsKey("period")))
            {
                Fail(First(OfLength), "field-missing", "This field is missing.");
            }

            return (spanned - (pause ?? 0), raw.Fields.ContainsKey("end") ? "end" : "period");
        }

        private int? Span(DateTime? start, string? zone, bool later)
        {
            var said = Text("end", 200);
            DateTime? end = null;
            if (said is not null)
            {
                end = WrittenTime.Moment(said) ?? (WrittenTime.Time(said) is { } time ? start?.Date + time : null);
                if (end is null && (start is not null || WrittenTime.Time(said) is null))
                {
                    Fail("end", "not-a-time", "The end must be a time such as 14:00.");
                    return null;
                }
            }
            else if (raw.Fields.ContainsKey("period") && Period() is { } period)
            {
                end = start?.Date + period.To;
            }

            if (start is not { } from || end is not { } to)
            {
                return null;
            }

            var column = said is null ? "period" : "end";
            if (to == from)
            {
                Fail(column, "end-at-start", "The end is the same as the start, which could mean no time at all or a whole day.");
                return null;
            }

            // A time alone that is not later is the next day's.
            to = to < from && (said is null || WrittenTime.Moment(said) is null) ? to.AddDays(1) : to;
            if (to < from)
            {
                Fail("end", "end-before-start", "The end must be after the start.");
                return null;
            }

            // On a night when the clock is moved the hours between are not those that it shows.
            var (first, last) = (new Shift(from, zone ?? "", 1, later), new Shift(to, zone ?? "", 1, later));
            last = last.BrokenRules().Any() ? last with { Later = false } : last;
            return (int)Math.Round((first.BrokenRules().Any() || last.BrokenRules().Any() ? to - from : last.StartsAt() - first.StartsAt()).TotalMinutes);
        }

        private (TimeSpan From, TimeSpan To)? Period() =>
            raw.Fields.TryGetValue("period", out var text)
                ? WrittenTime.Period(text) ?? (Faults.Exists(fault => fault.Field == "period") ? null : Failed())
                : null;

        private (TimeSpan From, TimeSpan To)? Failed()
        {
            Fail("period", "not-a-period", "The period must say from when to when, as 10:00–14:00.");
            return null;
        }

        private DateTime? DayOrMissing(DateTime? day)
        {
            if (day is null && !raw.Fields.ContainsKey("date"))
            {
                Fail("date", "field-missing", "This field is missing.");
            }

            return day;
        }

        // The column at which a field is missing: one that the document has.
        private string First(params ReadOnlySpan<string> columns)
        {
            foreach (var column in columns)
            {
                if (raw.Headers?.ContainsKey(column) == true)
                {
                    return column;
                }
            }

            return columns[0];
        }

        private static Guid? Code(string text) => Guid.TryParse(text, out var id) && id != Guid.Empty ? id : null;

        // Of a bare number, as the header says it.
        private TimeUnit? Unit(string column, TimeUnit? unnamed) =>
            raw.Headers?.GetValueOrDefault(column) is { } header ? HeaderWords.UnitOf(header, unnamed) : unnamed;

        // 4:30 could be minutes and seconds.
        private static bool InMinutes(string text) => !Hours(text) && !text.Contains(':', StringComparison.Ordinal);

        private static bool Hours(string text) =>
            text.Contains('ч', StringComparison.OrdinalIgnoreCase) || text.Contains('h', StringComparison.OrdinalIgnoreCase);
    }
}
