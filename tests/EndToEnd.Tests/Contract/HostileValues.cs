using System.Text;
using System.Text.Json.Nodes;

namespace VolunteerBook.EndToEnd.Tests.Contract;

/// <summary>What nobody means well by, for each kind of value that the document knows.</summary>
public static class HostileValues
{
    /// <summary>Texts for an address, percent-encoded: for every parameter, whatever its schema.</summary>
    public static IReadOnlyList<string> InAddresses { get; } =
    [
        "%EF%BF%BE", "%EF%B7%90", "%F0%9F%BF%BE", "%ED%A0%80", "%FF%FE", "%C0%80", "%01",
        "%7F", "%C2%85", "%E2%80%AE", "%F0%9F%92%A9", "%27%20or%201%3D1%3B--", "%25s%25n",
        "00000000-0000-0000-0000-000000000000", "%7B00000000-0000-0000-0000-000000000000%7D", "%20", "-1", "0", "1e400", "99999999999999999999", "2147483648",
        "9223372036854775807", "-9223372036854775808",
        "NaN", "null", "true", "%D9%A3", "0x10", "1%2C2", "%2B1", "..%2F..%2Fetc%2Fpasswd", "%5B%5D", "%7B%7D", new('a', 3000),
        string.Concat(Enumerable.Repeat("%D0%B6", 700)), "%EF%BF%BD",
    ];

    /// <summary>In a query a U+0000 arrives; in a path the server itself takes none.</summary>
    public static IReadOnlyList<string> InQueries { get; } = ["%00", "a%00b", "", "&&", .. InAddresses];

    /// <summary>Further texts for what a schema says is a date, a moment or a number.</summary>
    public static IReadOnlyList<string> OfFormat(string? format) => format switch
    {
        "date" or "date-time" or "date-time-local" =>
        [
            "09.05.2026", "05%2F09%2F2026", "2026-5-9", "20260509", "2026-02-30", "2026-13-01", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01",
            "2026-W01", "2026-129", "9%20May%202026", "today", "1746748800",
            "0001-01-01T00:00:00Z", "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "2026-05-09T10:00",
            "2026-05-09%2010:00:00Z", "2026-05-09T10:00:00+03:00", "2026-05-09T10:00:00%2B99:00",
            "2026-05-09T10:00:60Z", "2026-05-09T24:00:00Z", "2026-05-09T25:00:00Z", "2026-05-09t10:00:00z",
            "2026-05-09T10:00:00.1234567890123Z", "%D9%A2%D9%A0%D9%A2%D9%A6-05-09",
        ],
        _ => [],
    };

    /// <summary>Headers' values, as text.</summary>
    public static IReadOnlyList<string> OfHeader(string name) => name switch
    {
        "If-Match" =>
        [
            "3", "\"\"", "*", "W/\"3\"", "\"-1\"", "\"99999999999999999999\"", "\"9223372036854775807\"",
            "\"3\", \"4\"", "\"٣\"", "\"3", "\u0001", "\uFFFE", new string('9', 4000),
        ],
        _ => ["\u0001", "\uFFFE", "ключ", new string('k', 201), new string('k', 4000), "a\tb", "'; drop table idempotent_requests;--", "💩"],
    };

    /// <summary>Bodies that are no JSON, or not that which is asked for; each by itself.</summary>
    public static IReadOnlyList<byte[]> Bodies { get; } =
    [
        .. new[]
        {
            "", " ", "null", "true", "0", "-", "\"text\"", "[]", "[null]", "{", "}", "[", "{}", "{\"\":0}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1,]",
            "[1,,2]", "{a:1}", "{'a':1}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":01}", "{\"a\":+1}",
            "{\"a\":.5}", "{\"a\":1.}", "{\"a\":1e}", "{\"a\":1e99999}", "{\"a\":0x1}", "{\"a\":TRUE}", "{\"a\":nul}", "{} {}", "{}x", "/**/{}", "{}//",
            "\uFEFF{}", "{\"a\":\"\t\"}", "{\"a\":\"\n\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\udc00\\ud800\"}", "{\"a\":\"\\u0000\"}", "{\"\\u0000\":1}", "{\"\\ud800\":1}", "{\"a\":\"", "{\"a\":\"\\",
            "{\"$ref\":\"#\",\"$id\":\"1\",\"$type\":\"System.Object\"}", "{\"__proto__\":{}}",
            new string('[', 1000), new string('[', 1000) + new string(']', 1000),
            string.Concat(Enumerable.Repeat("{\"a\":", 500)) + "1" + new string('}', 500), "\"" + new string('a', 300_000) + "\"",
            "{\"a\":" + new string('9', 5000) + "}", "[" + string.Join(',', Enumerable.Repeat("null", 20_000)) + "]",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF, 0xFE, 0x7B, 0, 0x7D, 0], [0x7B, 0x22, 0xC0, 0x80, 0x22, 0x3A, 0x31, 0x7D], [0x22, 0xED, 0xA0, 0x80, 0x22], [0],
        [0x7B, 0x22, 0x61, 0x22, 0x3A, 0x22, 0xFF, 0x22, 0x7D],
    ];

    /// <summary>Kinds of body that an operation that takes JSON does not take.</summary>
    public static IReadOnlyList<string?> MediaTypes { get; } =
        [
            null, "text/plain", "application/xml", "application/json; charset=utf-16",
            "application/json; charset=bogus", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded",
        ];

    /// <summary>Values for a member, as raw JSON; where it must be refused under the member's own name, that is said.</summary>
    public static IEnumerable<(string Raw, bool MustBeNamed)> Of(JsonObject schema, bool nullable, bool inList)
    {
        var types = TypesOf(schema);
        yield return ("null", !nullable || inList);
        foreach (var (raw, kind) in new[] { ("true", "boolean"), ("0", "integer"), ("\"text\"", "string"), ("[]", "array"), ("{}", "object") })
        {
            if (!types.Contains(kind) && types.Count > 0)
            {
                yield return (raw, true);
            }
        }

        if (types.Contains("string"))
        {
            foreach (var raw in new[]
            {
                "\"\\u0000\"",
                "\"a\\u0000b\"",
                "\"\\uFFFE\"",
                "\"\\uFDD0\"",
                "\"\\ud83f\\udffe\"",
                "\"\\u0007\"",
                "\"\\u0085\"",
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
            })
            {
                yield return (raw, true);
            }

            var format = schema["format"]?.GetValue<string>();
            var exact = format is "uuid" or "date" or "date-time" or "date-time-local" || schema.ContainsKey("enum");
            foreach (var raw in new[]
            {
                "\"\"",
                "\" \"",
                "\"00000000-0000-0000-0000-000000000000\"",
                "\"09.05.2026\"",
                "\"9999-12-31T23:59:59.9999999Z\"",
                "\"0001-01-01T00:00:00+14:00\"",
                "\"2026-02-30\"",
                "\"2026-05-09T10:00:60Z\"",
            })
            {
                yield return (raw, exact);
            }

            if (format is "date-time")
            {
                yield return ("\"2026-05-09\"", true);
                yield return ("\"2026-05-09T10:00:00\"", true);
            }

            if (format is "date-time-local")
            {
                yield return ("\"2026-05-09T10:00:00Z\"", true);
                yield return ("\"9999-12-31T23:59:59\"", true);
                yield return ("\"0001-01-01T00:00:00\"", true);
            }

            if (format is "date")
            {
                yield return ("\"9999-12-31\"", true);
                yield return ("\"0001-01-01\"", true);
            }

            foreach (var naughty in new[]
            {
                new string('ж', 100_000),
                "\u202Eabc",
                "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
                "💩👩‍👩‍👧‍👦",
                "' or 1=1;--",
                "${7*7}{{7*7}}",
                "<script>alert(1)</script>",
                "../../../etc/passwd",
                "\\r\\nX: y",
                "%00%n%s",
                "Ǆ\u0345İı",
                "http://[::1",
                "a@b@c",
                "١٢٣",
                "\uFEFF",
                "\u2028",
            })
            {
                yield return (JsonValue.Create(naughty).ToJsonString(), exact);
            }
        }

        if (types.Contains("integer"))
        {
            foreach (var (raw, must) in new[]
            {
                ("-1", false),
                ("0", false),
                ("2147483647", false),
                ("-2147483648", false),
                ("9223372036854775808", true),
                ("1e400", true),
                ("1.5", true),
                ("\"1\"", true),
                (new string('9', 1000), true),
                ("-0", false),
            })
            {
                yield return (raw, must);
            }
        }

        if (types.Contains("array"))
        {
            yield return ("[]", false);
            yield return ("[null]", true);
            yield return ("[[]]", true);
            yield return ("[" + string.Join(',', Enumerable.Repeat("null", 5000)) + "]", true);
        }
    }

    /// <summary>The kinds of value that a schema allows, without null.</summary>
    public static IReadOnlyList<string> TypesOf(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(type => type!.GetValue<string>()).Where(type => type != "null")],
        { } one => [one.GetValue<string>()],
        null => schema.ContainsKey("enum") ? ["string"] : [],
    };

    /// <summary>Whether a schema allows null.</summary>
    public static bool AllowsNull(JsonObject schema) =>
        (schema["type"] is JsonArray types && types.Any(type => type!.GetValue<string>() == "null"))
        || (schema["enum"] is JsonArray values && values.Contains(null))
        || (schema["oneOf"] is JsonArray options && options.Any(option => option?["type"]?.ToString() == "null"));
}
