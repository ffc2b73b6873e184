using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Portal.Tests;

/// <summary>How much there is of everything that a page asks for.</summary>
public enum Amount
{
    /// <summary>No list has anything in it, and nothing is said that may be left out.</summary>
    Nothing,

    /// <summary>One of everything.</summary>
    One,

    /// <summary>Words without a place to break them, as long as the API takes them, the largest figures, and days of the last century.</summary>
    Long,

    /// <summary>A thousand of what comes whole, a full page of what comes in pages.</summary>
    Thousand,
}

/// <summary>
/// What the API may answer by its own documents (tests/EndToEnd.Tests/OpenApi), for pages to be looked at with as much as there may be. An operation or a
/// member that is new has an answer here as soon as the documents have it.
/// </summary>
internal sealed partial class ApiSamples(Amount amount)
{
    private static readonly (Regex Path, JsonNode Schema, JsonNode Document)[] Operations = [.. Read()];
    private static readonly string[] Events = [.. EventNames()];

    private static readonly string LongText = "Межрегиональная" + new string('щ', 285);

    // Of what a text is, its schema does not tell enough.
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["region"] = "RU-CU",
        ["taskType"] = "L30",
        ["zone"] = "Europe/Moscow",
        ["ogrn"] = "1027700132195",
        ["consent"] = ConsentTexts.Current,
        ["version"] = ConsentTexts.Current,
        ["language"] = "ru",
        ["sections"] = "totals",
        ["level"] = "teamLead",
        ["field"] = "minutes",
        ["code"] = "not-a-duration",
        ["crv"] = "P-256",
        ["kty"] = "EC",
        ["alg"] = "ES256",
        ["use"] = "sig",
    };

    // A row of a sheet, read or refused: the documents say of it only that it is in a list.
    private static readonly JsonNode Row = JsonNode.Parse(
        """
        {"properties":{"line":{"type":"integer"},"volunteerId":{"type":"string","format":"uuid"},"start":{"type":"string","format":"date-time-local"},
        "zone":{"type":"string"},"minutes":{"type":"integer"},"later":{"type":"boolean"},"attended":{"type":"boolean"},"project":{"type":"string"},
        "taskType":{"type":"string"},"region":{"type":"string"},"level":{"type":["null","string"]},"person":{"type":["null","integer"]},
        "faults":{"type":"array","items":{"properties":{"field":{"type":"string"},"code":{"type":"string"},"rule":{"type":"string"},
        "column":{"type":["null","string"]}}}}}}
        """)!;

    // Keys of lists of sums, by the list.
    private static readonly Dictionary<string, Func<int, string>> Keys = new(StringComparer.Ordinal)
    {
        ["byRegion"] = _ => "RU-CU",
        ["byTaskType"] = _ => "L30",
        ["byMonth"] = i => Month(new DateOnly(2026, 10, 1).AddMonths(-i)),
        ["byYear"] = i => (2026 - i).ToString(CultureInfo.InvariantCulture),
        ["byOrganisation"] = i => Id(i).ToString(),
        ["byLevel"] = _ => "teamLead",
        ["byGrade"] = _ => "signed",
    };

    /// <summary>What a GET of this path, below <c>/api/v1/</c>, answers; null where there is no such operation.</summary>
    public JsonNode? Answer(string path, IQueryCollection query)
    {
        var (_, schema, document) = Operations.FirstOrDefault(one => one.Path.IsMatch(path));
        _ = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var limit);
        var at = new At("", 0, 0, limit > 0 ? Math.Min(limit, 100) : 50) { Last = query.ContainsKey("after"), Some = path == "organisations/mine" };
        return schema is null ? null : Make(schema, document, at);
    }

    private static string Month(DateOnly day) => day.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>The id of whatever is at this place of a list; at the first, of whatever a page is about.</summary>
    public static Guid Id(int index) => new(index, 0, 0, [0x80, 0, 0, 0, 0, 0, 0, 1]);

    private static List<(Regex Path, JsonNode Schema, JsonNode Document)> Read() =>
        [
            .. from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
               where name.EndsWith(".openapi.json", StringComparison.Ordinal)
               let document = JsonNode.Parse(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!)!
               from path in document["paths"]!.AsObject()
               let schema = path.Value!["get"]?["responses"]?["200"]?["content"]?["application/json"]?["schema"]
               where schema is not null
               let below = path.Key["/api/v1/".Length..]
               // What is said to the letter goes before what is a parameter.
               orderby below.Count(letter => letter == '{')
               select (new Regex("^" + Parameter().Replace(below, "[^/]+") + "$"), schema, document),
        ];

    private static IEnumerable<string> EventNames() =>
        from data in XDocument.Load(Path.Combine(LookTests.Root(), "gateway", "Portal", "Resources", "Texts.resx")).Descendants("data")
        let name = data.Attribute("name")!.Value
        where name.StartsWith("event.", StringComparison.Ordinal)
        select name["event.".Length..];

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    private JsonNode? Make(JsonNode schema, JsonNode document, At at)
    {
        if (schema["$ref"] is { } reference)
        {
            return Make(document["components"]!["schemas"]![reference.ToString().Split('/')[^1]]!, document, at);
        }

        if (schema["oneOf"] is JsonArray either)
        {
            return amount == Amount.Nothing && either.Any(one => one?["type"]?.ToString() == "null")
                ? null
                : Make(either.First(one => one?["type"]?.ToString() != "null")!, document, at);
        }

        if (schema["enum"] is JsonArray values)
        {
            // Each amount begins at another, so that each is seen.
            return values[(at.Index + (int)amount) % values.Count]?.DeepClone();
        }

        var types = schema["type"] is JsonArray several ? several.Select(type => type!.ToString()).ToArray() : [schema["type"]?.ToString() ?? "object"];
        return amount == Amount.Nothing && types.Contains("null")
            ? null
            : types.First(type => type != "null") switch
            {
                "array" => Array(schema["items"] ?? Row, document, at),
                "object" => Object(schema, document, at),
                "boolean" => (at.Index + at.Name.Length) % 2 == 0,
                "integer" or "number" => Number(at),
                _ => Text(schema["format"]?.ToString(), at),
            };
    }

    private JsonArray Array(JsonNode items, JsonNode document, At at)
    {
        var count = amount switch
        {
            // An entry without a shift is none, and whoever looks at an organisation's pages coordinates one.
            Amount.Nothing => at.Some || at.Name == "shifts" ? 1 : 0,
            Amount.One => 1,
            Amount.Thousand when at.Depth > 1 => 3,
            Amount.Thousand => at.Name is "items" or "unclaimed" or "rows" or "faults" or "people" ? at.Limit : 1000,
            _ => 2,
        };
        return [.. Enumerable.Range(0, count).Select(index => Make(items, document, at with { List = at.Name, Depth = at.Depth + 1, Index = index }))];
    }

    private JsonObject Object(JsonNode schema, JsonNode document, At at)
    {
        JsonObject made = [];
        foreach (var (name, member) in (at.Name == "record" ? Row : schema)["properties"]?.AsObject() ?? [])
        {
            made[name] = Make(member!, document, at with { Name = name, Depth = at.Depth + 1 });
        }

        if (schema["additionalProperties"] is JsonObject others && amount != Amount.Nothing)
        {
            made[Id(0).ToString()] = Make(others, document, at with { Depth = at.Depth + 1 });
        }

        return made;
    }

    private JsonNode? Number(At at) => at.Name switch
    {
        "next" => amount == Amount.Thousand && !at.Last ? 50 : null,
        // Who tells apart by numbers has each once.
        "person" or "line" or "row" or "position" or "number" => at.Index + 1,
        "year" => 2026,
        "rating" => 4,
        "inTimeShare" => 0.5,
        _ => amount switch
        {
            Amount.Nothing => 0,
            Amount.One => 1,
            Amount.Long => 12_345_678,
            _ => 1000,
        },
    };

    private JsonNode? Text(string? format, At at)
    {
        var moment = (amount == Amount.Long ? new DateTime(1967, 3, 2, 7, 5, 0, DateTimeKind.Utc) : new DateTime(2026, 11, 2, 7, 5, 0, DateTimeKind.Utc))
            .AddHours(-at.Index);
        return format switch
        {
            "uuid" => Id(at.Index).ToString(),
            "date-time" => moment.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            "date-time-local" => moment.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
            "date" => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            "time" => "07:05:00",
            "byte" => Convert.ToBase64String(new byte[32]),
            "uri" => Address(at),
            _ when at.Name == "next" => amount == Amount.Thousand && !at.Last ? "after-these" : null,
            _ when at.Name == "key" && Keys.TryGetValue(at.List, out var key) => key(at.Index),
            _ when Known.TryGetValue(at.Name, out var known) => known,
            _ => at.Name switch
            {
                "type" => Events[at.Index % Events.Length],
                "uri" or "url" or "link" => Address(at),
                "email" or "recipient" => (amount == Amount.Long ? new string('n', 240) : "anna") + "@example.org",
                "statement" or "signed" or "checkpoint" or "record" =>
                    $$"""{"what":"{{(amount == Amount.Long ? new string('x', 2000) : "x")}}"}""",
                "kid" or "sha256" or "root" or "liveHash" or "replayedHash" or "key" => new string('k', 43),
                "signature" or "der" or "certificate" => new string('s', amount == Amount.Long ? 4000 : 400),
                "number" => "VB-2026-0A1B2-C3D4E",
                "phone" => "+7 900 000-00-00",
                "traceId" => new string('a', 32),
                _ => amount switch
                {
                    Amount.Long => LongText[..Math.Min(LongText.Length, at.Name is "given" or "family" or "patronymic" ? 100 : 300)],
                    _ => "Тёплый дом",
                },
            },
        };
    }

    private string Address(At at) =>
        "https://files.example/" + (amount == Amount.Long ? new string('a', 1900) : at.Index.ToString(CultureInfo.InvariantCulture));

    // Where a value stands: the member's name, the list that it is in and its place there, how deep, how many of it a page has, whether that is the last
    // page, and whether there is at least one.
    private sealed record At(string Name, int Depth, int Index, int Limit)
    {
        public string List { get; init; } = "";

        public bool Last { get; init; }

        public bool Some { get; init; }
    }
}
