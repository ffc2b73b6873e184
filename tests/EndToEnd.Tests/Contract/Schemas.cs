using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VolunteerBook.EndToEnd.Tests.Contract;

/// <summary>
/// Pure: what in a value is not as its schema says, formats included. Stricter than JSON Schema (2020-12): a member that the schema does not name is a fault,
/// and so is a keyword or a format that is not known here, as nothing of it would be checked.
/// </summary>
public static partial class Schemas
{
    private static readonly string[] Known =
        ["type", "format", "enum", "oneOf", "items", "properties", "required", "additionalProperties", "description", "default", "examples"];

    public static IEnumerable<string> Faults(ApiDocument document, JsonNode? value, JsonObject schema, string at)
    {
        schema = document.Resolved(schema);
        if (schema.Select(keyword => keyword.Key).Except(Known).FirstOrDefault() is { } unknown)
        {
            return [$"{at}: the keyword {unknown} is not checked"];
        }

        if (schema["oneOf"] is JsonArray options)
        {
            var matching = options.Count(option => !Faults(document, value, option!.AsObject(), at).Any());
            return matching == 1
                ? []
                : [$"{at} is {matching} of what it may be one of", .. options.SelectMany(option => Faults(document, value, option!.AsObject(), at))];
        }

        if (schema["enum"] is JsonArray values)
        {
            return values.Any(one => JsonNode.DeepEquals(one, value)) ? [] : [$"{at} is {value?.ToJsonString() ?? "null"}, none of {values.ToJsonString()}"];
        }

        var kind = KindOf(value);
        string[] types = schema["type"] switch
        {
            JsonArray several => [.. several.Select(type => type!.GetValue<string>())],
            { } one => [one.GetValue<string>()],
            null => [],
        };
        if (types.Length > 0 && !types.Contains(kind) && !(kind == "integer" && types.Contains("number")))
        {
            return [$"{at} is {kind}, not {string.Join(" or ", types)}"];
        }

        return value switch
        {
            JsonObject item => OfObject(document, item, schema, at),
            JsonArray items when schema["items"] is JsonObject each => items.SelectMany((item, n) => Faults(document, item, each, $"{at}[{n}]")),
            JsonValue scalar when schema["format"]?.GetValue<string>() is { } format
                && !HasFormat(scalar, format) => [$"{at} is {scalar.ToJsonString()}, no {format}"],
            _ => [],
        };
    }

    private static IEnumerable<string> OfObject(ApiDocument document, JsonObject item, JsonObject schema, string at)
    {
        foreach (var name in (schema["required"] as JsonArray ?? []).Select(name => name!.GetValue<string>()).Where(name => !item.ContainsKey(name)))
        {
            yield return $"{at}.{name} is missing";
        }

        var properties = schema["properties"] as JsonObject;
        var others = schema["additionalProperties"] as JsonObject;
        foreach (var (name, value) in item)
        {
            if (properties?[name] is JsonObject member || (member = others!) is not null)
            {
                foreach (var fault in Faults(document, value, member, $"{at}.{name}"))
                {
                    yield return fault;
                }
            }
            else if (properties is not null)
            {
                yield return $"{at}.{name} is not in the schema";
            }
        }
    }

    private static string KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "integer" : "number",
    };

    private static bool HasFormat(JsonValue scalar, string format)
    {
        var text = scalar.GetValueKind() is JsonValueKind.String ? scalar.GetValue<string>() : scalar.ToJsonString();
        return format switch
        {
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => WithOffset().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time-local" => WithoutOffset().IsMatch(text) && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "byte" => Convert.TryFromBase64String(text, new byte[text.Length], out _),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            "int32" => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "int64" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "double" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number),
            _ => false,
        };
    }

    // RFC 3339, section 5.6.
    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$")]
    private static partial Regex WithOffset();

    [GeneratedRegex("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?$")]
    private static partial Regex WithoutOffset();
}
