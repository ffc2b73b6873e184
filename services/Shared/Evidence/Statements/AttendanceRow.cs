using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Evidence.Statements;

/// <summary>What an entry says otherwise than the organisation's row.</summary>
/// <param name="Field">Which member: <c>start</c>, <c>minutes</c>, <c>project</c>, <c>taskType</c>, <c>region</c>, <c>level</c>.</param>
/// <param name="Entry">What the entry says.</param>
/// <param name="Row">What the row says.</param>
public sealed record RowDifference(string Field, string Entry, string Row);

/// <summary>A row of an organisation's attendance sheet: who was where for how long, by the organisation's own word.</summary>
/// <param name="Line">Its place in the sheet.</param>
/// <param name="VolunteerId">Who.</param>
/// <param name="Shift">When and for how long; of an absence, the shift that was missed.</param>
/// <param name="Attended">False says that the volunteer was not there.</param>
/// <param name="Project">Project or event, where the sheet says it.</param>
/// <param name="TaskType">ICNP/TSO code, where the sheet says it.</param>
/// <param name="Region">ISO 3166-2 code, where the sheet says it.</param>
/// <param name="Level">Responsibility, where the sheet says it.</param>
public sealed record AttendanceRow(
    int Line, Guid VolunteerId, Shift Shift, bool Attended, string? Project, string? TaskType, string? Region, ResponsibilityLevel? Level)
{
    /// <summary>
    /// The row as canonical JSON (RFC 8785): a leaf of the tree that the organisation signs the root of. Members that say nothing are left out.
    /// </summary>
    public byte[] Record()
    {
        var record = new JsonObject
        {
            ["line"] = Line,
            ["volunteerId"] = VolunteerId.ToString(),
            ["attended"] = Attended,
        }.Add(Shift);
        Add("project", Project);
        Add("taskType", TaskType);
        Add("region", Region);
        Add("level", Level is { } level ? Written(level) : null);
        return CanonicalJson.Bytes(record);

        void Add(string member, string? value)
        {
            if (value is not null)
            {
                record[member] = value;
            }
        }
    }

    /// <summary>Reads a record; null where the bytes are not exactly what <see cref="Record"/> makes of some row.</summary>
    public static AttendanceRow? Read(ReadOnlySpan<byte> record)
    {
        try
        {
            var json = JsonNode.Parse(record)!;
            var row = new AttendanceRow(
                json["line"]!.GetValue<int>(),
                Guid.ParseExact(Text(json, "volunteerId")!, "D"),
                ShiftJson.Read(json),
                json["attended"]!.GetValue<bool>(),
                Text(json, "project"),
                Text(json, "taskType"),
                Text(json, "region"),
                Text(json, "level") is { } written ? Enum.GetValues<ResponsibilityLevel>().First(level => Written(level) == written) : null);
            return row.Record().AsSpan().SequenceEqual(record)
                && row.Shift.BrokenRules().All(broken => broken.Code == "unknown-zone")
                && row.Shift.UtcMinutes() is var _ ? row : null;
        }
        // A member that is missing or of another kind shows in one of these ways.
        catch (Exception other) when (other is JsonException or FormatException or InvalidOperationException
            or NullReferenceException or ArgumentException or TimeZoneNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// In what an entry's shift differs from this row; nothing where the row evidences it. Where the row says nothing there is nothing to differ from.
    /// </summary>
    /// <param name="shift">The entry's shift.</param>
    /// <param name="project">Its project.</param>
    /// <param name="taskType">Its ICNP/TSO code.</param>
    /// <param name="region">Its ISO 3166-2 code.</param>
    /// <param name="level">Its responsibility; null where it is not to be compared.</param>
    /// <param name="within">Minutes by which start and length may differ.</param>
    public IEnumerable<RowDifference> Differences(Shift shift, string project, string taskType, string region, ResponsibilityLevel? level, int within)
    {
        ArgumentNullException.ThrowIfNull(shift);
        if ((shift.StartsAt() - Shift.StartsAt()).Duration() > TimeSpan.FromMinutes(within))
        {
            yield return new RowDifference(
                "start",
                shift.StartsAt().ToString("yyyy-MM-ddTHH:mmzzz", CultureInfo.InvariantCulture),
                Shift.StartsAt().ToString("yyyy-MM-ddTHH:mmzzz", CultureInfo.InvariantCulture));
        }

        if (Math.Abs(shift.Minutes - Shift.Minutes) > within)
        {
            yield return new RowDifference(
                "minutes", shift.Minutes.ToString(CultureInfo.InvariantCulture), Shift.Minutes.ToString(CultureInfo.InvariantCulture));
        }

        if (Project is not null && !ProjectName.Same(Project, project))
        {
            yield return new RowDifference("project", project, Project);
        }

        if (TaskType is not null && TaskType != taskType)
        {
            yield return new RowDifference("taskType", taskType, TaskType);
        }

        if (Region is not null && Region != region)
        {
            yield return new RowDifference("region", region, Region);
        }

        if (Level is { } said && level is { } claimed && said != claimed)
        {
            yield return new RowDifference("level", Written(claimed), Written(said));
        }
    }

    private static string Written(ResponsibilityLevel level) => JsonNamingPolicy.CamelCase.ConvertName(level.ToString());

    private static string? Text(JsonNode json, string name) => json[name]?.GetValue<string>();
}
