using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Signatures;
using VolunteerBook.Evidence.Statements;

namespace VolunteerBook.Documents.Extracts;

/// <summary>
/// The document as canonical JSON (RFC 8785): the attachment <c>extract.json</c>. Decimal numbers are strings, times are ISO 8601, enumerations kebab-case.
/// </summary>
public static class ExtractJson
{
    /// <summary>Names the form, and its version.</summary>
    public const string Form = "https://volunteerbook.example/extracts/1";

    /// <summary>The attachment's file name.</summary>
    public const string FileName = "extract.json";

    private const string Day = "yyyy-MM-dd";
    private const string Moment = "yyyy-MM-ddTHH:mm:ss.FFFFFFzzz";

    /// <summary>Canonical bytes, UTF-8: the same for everyone who writes the same document.</summary>
    public static byte[] Write(ExtractDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return CanonicalJson.Bytes(Present(new JsonObject
        {
            ["form"] = Form,
            ["number"] = document.Number,
            ["issuedAt"] = document.IssuedAt.ToString(Moment, CultureInfo.InvariantCulture),
            ["zone"] = document.Zone,
            ["language"] = document.Language,
            ["issuer"] = document.Issuer,
            ["checkUrl"] = document.CheckUrl,
            ["holder"] = Present(new JsonObject
            {
                ["volunteerId"] = document.Holder.VolunteerId.ToString(),
                ["name"] = document.Holder.Name,
                ["birthDate"] = document.Holder.BirthDate?.ToString(Day, CultureInfo.InvariantCulture),
            }),
            ["scope"] = Present(new JsonObject
            {
                ["kind"] = Kebab(document.Scope.Kind),
                ["from"] = document.Scope.From?.ToString(Day, CultureInfo.InvariantCulture),
                ["until"] = document.Scope.Until?.ToString(Day, CultureInfo.InvariantCulture),
                ["name"] = document.Scope.Name,
            }),
            ["asOf"] = document.AsOf.ToString(Moment, CultureInfo.InvariantCulture),
            ["totals"] = Write(document.Totals),
            ["points"] = document.Points,
            ["entries"] = new JsonArray([.. document.Entries.Select(Write)]),
            ["claimed"] = document.Claimed is not { } claimed ? null : new JsonObject
            {
                ["totals"] = Write(claimed.Totals),
                ["entries"] = new JsonArray([.. claimed.Entries.Select(Write)]),
            },
        }));
    }

    /// <summary>Reads; null where the bytes are not exactly what <see cref="Write(ExtractDocument)"/> makes of some document.</summary>
    public static ExtractDocument? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var document = ReadDocument(JsonNode.Parse(json)!);
            return Write(document).AsSpan().SequenceEqual(json) ? document : null;
        }
        // A member that is missing or of another kind shows in one of these ways.
        catch (Exception other)
            when (other is JsonException or FormatException or InvalidOperationException or NullReferenceException or ArgumentException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>An enumeration's member in kebab-case.</summary>
    internal static string Kebab<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static JsonArray Write(IEnumerable<GradeTotal> totals) => new([.. totals.Select(total => new JsonObject
    {
        ["grade"] = Kebab(total.Grade),
        ["minutes"] = total.Minutes,
        ["entries"] = total.Entries,
    })]);

    private static JsonObject Write(ExtractEntry entry) => Present(new JsonObject
    {
        ["entryId"] = entry.EntryId.ToString(),
        ["organisationId"] = entry.OrganisationId.ToString(),
        ["organisation"] = entry.Organisation,
        ["project"] = entry.Project,
        ["taskType"] = entry.TaskType,
        ["taskTypeName"] = entry.TaskTypeName,
        ["responsibilityLevel"] = entry.ResponsibilityLevel,
        ["place"] = entry.Place,
        ["region"] = entry.Region,
        ["regionName"] = entry.RegionName,
        ["shifts"] = ShiftJson.Of(entry.Shifts),
        ["minutes"] = entry.Minutes,
        ["overlapMinutes"] = entry.OverlapMinutes > 0 ? entry.OverlapMinutes : null,
        ["outsideMinutes"] = entry.OutsideMinutes > 0 ? entry.OutsideMinutes : null,
        ["volume"] = entry.Volume?.ToString(CultureInfo.InvariantCulture),
        ["volumeUnit"] = entry.VolumeUnit,
        ["points"] = entry.Points,
        ["grade"] = Kebab(entry.Grade),
        ["signature"] = entry.Signature is not { } signature ? null : Present(new JsonObject
        {
            [signature.Statement is null ? "jws" : "cms"] = signature.Text,
            ["statement"] = signature.Statement,
            ["key"] = signature.Key?.ToJson(),
            ["kid"] = signature.Kid,
            ["lines"] = signature.Lines is not { } lines ? null : new JsonArray([.. lines.Select(line => new JsonObject
            {
                ["text"] = line.Text,
                ["index"] = line.Index,
                ["size"] = line.Size,
                ["path"] = new JsonArray([.. line.Path.Select(hash => JsonValue.Create(hash))]),
            })]),
            ["logInclusion"] = signature.LogInclusion?.DeepClone(),
        }),
    });

    private static ExtractDocument ReadDocument(JsonNode json) => new()
    {
        Number = Text(json, "number"),
        IssuedAt = At(json, "issuedAt"),
        Zone = Text(json, "zone"),
        Language = Text(json, "language"),
        Issuer = Text(json, "issuer"),
        CheckUrl = Text(json, "checkUrl"),
        Holder = new ExtractHolder(Id(json["holder"]!, "volunteerId"), Text(json["holder"]!, "name"), DayOf(json["holder"]!, "birthDate")),
        Scope = new ExtractScope(
            Member<ExtractScopeKind>(json["scope"]!, "kind"), DayOf(json["scope"]!, "from"), DayOf(json["scope"]!, "until"),
            json["scope"]!["name"]?.GetValue<string>()),
        AsOf = At(json, "asOf"),
        Totals = TotalsIn(json),
        Points = Number(json, "points"),
        Entries = EntriesIn(json),
        Claimed = json["claimed"] is { } claimed ? new ExtractClaims(TotalsIn(claimed), EntriesIn(claimed)) : null,
    };

    private static IReadOnlyList<GradeTotal> TotalsIn(JsonNode json) =>
        [.. json["totals"]!.AsArray()
            .Select(total => new GradeTotal(Member<EvidenceGrade>(total!, "grade"), Number(total!, "minutes"), Number(total!, "entries")))];

    private static IReadOnlyList<ExtractEntry> EntriesIn(JsonNode json) => [.. json["entries"]!.AsArray().Select(entry => ReadEntry(entry!))];

    private static ExtractEntry ReadEntry(JsonNode json) => new()
    {
        EntryId = Id(json, "entryId"),
        OrganisationId = Id(json, "organisationId"),
        Organisation = Text(json, "organisation"),
        Project = Text(json, "project"),
        TaskType = Text(json, "taskType"),
        TaskTypeName = Text(json, "taskTypeName"),
        ResponsibilityLevel = json["responsibilityLevel"]?.GetValue<string>(),
        Place = json["place"]?.GetValue<string>(),
        Region = Text(json, "region"),
        RegionName = Text(json, "regionName"),
        Shifts = [.. json["shifts"]!.AsArray().Select(shift => ShiftJson.Read(shift!))],
        Minutes = Number(json, "minutes"),
        OverlapMinutes = json["overlapMinutes"] is null ? 0 : Number(json, "overlapMinutes"),
        OutsideMinutes = json["outsideMinutes"] is null ? 0 : Number(json, "outsideMinutes"),
        Volume = json["volume"] is { } volume ? decimal.Parse(volume.GetValue<string>(), CultureInfo.InvariantCulture) : null,
        VolumeUnit = json["volumeUnit"]?.GetValue<string>(),
        Points = Number(json, "points"),
        Grade = Member<EvidenceGrade>(json, "grade"),
        Signature = json["signature"] is not { } signature ? null : new OrganisationSignature(
            Text(signature, signature["cms"] is null ? "jws" : "cms"),
            signature["cms"] is null ? PublicJwk.Read(signature["key"]) ?? throw new FormatException("The key is not a P-256 key.") : null,
            signature["logInclusion"]?.DeepClone(),
            signature["lines"] is not { } lines ? null : [.. lines.AsArray().Select(line => new SignedLine(
                Text(line!, "text"), Number(line!, "index"), Number(line!, "size"), [.. line!["path"]!.AsArray().Select(hash => hash!.GetValue<string>())]))],
            signature["cms"] is null ? null : Text(signature, "statement")),
    };

    // What was not said is left out, not null.
    private static JsonObject Present(JsonObject members)
    {
        foreach (var absent in members.Where(member => member.Value is null).Select(member => member.Key).ToList())
        {
            members.Remove(absent);
        }

        return members;
    }

    private static string Text(JsonNode json, string name) => json[name]!.GetValue<string>();

    private static int Number(JsonNode json, string name) => json[name]!.GetValue<int>();

    private static Guid Id(JsonNode json, string name) => Guid.ParseExact(Text(json, name), "D");

    private static DateTimeOffset At(JsonNode json, string name) => DateTimeOffset.ParseExact(Text(json, name), Moment, CultureInfo.InvariantCulture);

    private static DateOnly? DayOf(JsonNode json, string name) =>
        json[name] is { } day ? DateOnly.ParseExact(day.GetValue<string>(), Day, CultureInfo.InvariantCulture) : null;

    private static T Member<T>(JsonNode json, string name) where T : struct, Enum => Enum.GetValues<T>().First(value => Kebab(value) == Text(json, name));
}
