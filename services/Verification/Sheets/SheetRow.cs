using System.Globalization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Sheets;

/// <summary>A row as it stands in the document: texts under the names of its columns, or why it could not be read.</summary>
/// <param name="Line">Where it begins, from 1: the line of a CSV; the place in a JSON array.</param>
/// <param name="Fields">By column; a field that is empty is not there.</param>
/// <param name="Unreadable">The rule that its form breaks.</param>
public sealed record RawRow(int Line, IReadOnlyDictionary<string, string> Fields, Fault? Unreadable = null);

/// <summary>What is wrong with a row.</summary>
/// <param name="Field">The column, or <c>row</c>.</param>
/// <param name="Code">Stable kebab-case name of the rule.</param>
/// <param name="Rule">The rule as a sentence in English.</param>
public sealed record Fault(string Field, string Code, string Rule);

/// <summary>Reads the rows of an attendance document.</summary>
public static class SheetRow
{
    /// <summary>The columns that a document may have, as its header or its objects' members write them.</summary>
    public static readonly IReadOnlyList<string> Columns = ["volunteer_id", "start", "zone", "minutes", "attended", "later", "project", "task_type", "region", "level"];

    /// <summary>The columns that it must have.</summary>
    public static readonly IReadOnlyList<string> Required = ["volunteer_id", "start", "minutes"];

    /// <summary>The row, or all that is wrong with it.</summary>
    /// <param name="raw">The row as it stands there.</param>
    /// <param name="zone">The IANA zone of rows that name none; null where they must.</param>
    /// <param name="now">A shift that is not over cannot have been worked.</param>
    public static (AttendanceRow? Row, IReadOnlyList<Fault> Faults) Read(RawRow raw, string? zone, DateTimeOffset now)
    {
        if (raw.Unreadable is { } unreadable)
        {
            return (null, [unreadable]);
        }

        var faults = new List<Fault>();
        string? Text(string column, int most)
        {
            var text = raw.Fields.GetValueOrDefault(column);
            if (Rules.OptionalText(column, text, most) is { } broken)
            {
                faults.Add(new Fault(column, broken.Code, broken.Message));
            }
            else if (text?.Contains('\uFFFD', StringComparison.Ordinal) == true)
            {
                faults.Add(new Fault(column, "not-in-the-encoding", "The text is not written in the encoding that the document is said to have."));
            }

            return text;
        }

        T? Value<T>(string column, Func<string, T?> read, string code, string rule) where T : struct
        {
            if (Text(column, 200) is not { } text)
            {
                if (Required.Contains(column))
                {
                    faults.Add(new Fault(column, "field-missing", "This field must be there."));
                }

                return null;
            }

            var value = read(text);
            if (value is null)
            {
                faults.Add(new Fault(column, code, rule));
            }

            return value;
        }

        var volunteer = Value<Guid>("volunteer_id", text => Guid.TryParse(text, out var id) && id != Guid.Empty ? id : null, "not-an-id", "The volunteer's id, a UUID.");
        var start = Value<DateTime>(
            "start", text => DateTime.TryParseExact(text, StartForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null,
            "not-a-local-time", "Local date and time such as 2026-05-09T10:00 or 09.05.2026 10:00.");
        var minutes = Value<int>(
            "minutes", text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null, "not-a-number", "Whole minutes.");
        var attended = Value<bool>("attended", ReadAnswer, "not-yes-or-no", YesOrNo);
        // Of a start that the clock shows twice.
        var later = Value<bool>("later", ReadAnswer, "not-yes-or-no", YesOrNo);
        var level = Value<ResponsibilityLevel>("level", ReadLevel, "unknown-level", "One of participant, teamLead, coordinator, expert.");
        var project = Text("project", 200);
        var taskType = Text("task_type", 10);
        if (taskType is not null && TaskTypes.Find(taskType) is null)
        {
            faults.Add(new Fault("task_type", "unknown-task-type", "The task type is an ICNP/TSO code such as D12."));
        }

        var region = Text("region", 10);
        if (region is not null && Regions.Find(region) is null)
        {
            faults.Add(new Fault("region", "unknown-region", "The region is an ISO 3166-2 code such as RU-MOW."));
        }

        var where = Text("zone", 100) ?? zone;
        if (where is null)
        {
            faults.Add(new Fault("zone", "field-missing", "Name the IANA time zone in the row or for the whole document."));
        }

        if (faults.Count > 0)
        {
            return (null, faults);
        }

        var shift = new Shift(start!.Value, where!, minutes!.Value, later ?? false);
        faults.AddRange(shift.BrokenRules(now).Select(rule => new Fault(rule.Member, rule.Code, rule.Rule)));
        return faults.Count > 0 ? (null, faults) : (new AttendanceRow(raw.Line, volunteer!.Value, shift, attended ?? true, project, taskType, region, level), []);
    }

    private static readonly string[] StartForms =
        ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "dd.MM.yyyy HH:mm", "dd.MM.yyyy H:mm", "dd.MM.yyyy HH:mm:ss"];

    private const string YesOrNo = "One of yes, no, да, нет, true, false, 1, 0.";

    private static bool? ReadAnswer(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "true" or "1" or "да" => true,
        "no" or "false" or "0" or "нет" => false,
        _ => null,
    };

    private static ResponsibilityLevel? ReadLevel(string text) =>
        Enum.GetValues<ResponsibilityLevel>().Cast<ResponsibilityLevel?>()
            .FirstOrDefault(level => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(level.ToString()!) == text);
}
