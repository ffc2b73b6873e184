using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// What JSON that others hand in must be, whatever it means: settled here for every body of every service, so that no use case meets a null in a list, an id of nothing,
/// a text that no database holds or a moment that no calendar has. What is written is the same as by <see cref="Json"/>.
/// </summary>
internal static class JsonInput
{
    // Nothing that is asked for goes deeper than a few levels.
    private const int MostLevels = 32;

    public static void Configure(JsonSerializerOptions options)
    {
        Json.Configure(options);
        options.MaxDepth = MostLevels;
        // Of two members of one name, one reader takes the first and another the last.
        options.AllowDuplicateProperties = false;
        options.Converters.Add(new Texts());
        options.Converters.Add(new Exactly<Guid>("malformed-json", Written.IdRule,
            static (ref reader) => !reader.TryGetGuid(out var id) ? null : id != Guid.Empty ? id : throw new BrokenRuleException("nil-id", Written.IdRule), static (writer, id) => writer.WriteStringValue(id)));
        options.Converters.Add(new Exactly<DateOnly>("malformed-json", Written.DayRule,
            static (ref reader) => Written.TryDay(reader.GetString()!, out var day) ? day : null, static (writer, day) => writer.WriteStringValue(day.ToString("o", null))));
        options.Converters.Add(new Exactly<DateTime>("malformed-json", Written.LocalRule,
            static (ref reader) => Written.TryLocal(reader.GetString()!, out var local) ? local : null, static (writer, local) => writer.WriteStringValue(local)));
        options.Converters.Add(new Exactly<DateTimeOffset>("malformed-json", Written.InstantRule,
            static (ref reader) => Written.TryInstant(reader.GetString()!, out var instant) ? instant : null, static (writer, instant) => writer.WriteStringValue(instant)));
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(NoNullsInside).WithAddedModifier(NullMayBeLeftOut);
    }

    // Nullable annotations are looked at for members only, not for what a list or a map holds.
    private static void NoNullsInside(JsonTypeInfo type)
    {
        if (type.Kind is not (JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary))
        {
            return;
        }

        type.OnDeserialized = read =>
        {
            var index = 0;
            foreach (var item in read is IDictionary map ? map.Values : (IEnumerable)read)
            {
                if (item is null)
                {
                    throw new BrokenRuleException("null-in-list", "A list must not contain null.", read is IDictionary ? null : index);
                }

                index++;
            }
        };
    }

    // To leave out what may be null is to say null.
    private static void NullMayBeLeftOut(JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(member => member is { AssociatedParameter: not null, IsSetNullable: true }))
        {
            member.IsRequired = false;
        }
    }

    private delegate T? Read<T>(ref Utf8JsonReader reader) where T : struct;

    private sealed class Exactly<T>(string code, string rule, Read<T> read, Action<Utf8JsonWriter, T> write) : JsonConverter<T> where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String && read(ref reader) is { } value ? value : throw new BrokenRuleException(code, rule);

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => write(writer, value);
    }

    private sealed class Texts : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Checked(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

        public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Checked(reader.GetString()!);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WritePropertyName(value);

        private static string Checked(string text) => Written.IsText(text) ? text : throw new BrokenRuleException("text-with-control-characters", Written.TextRule);
    }
}

/// <summary>A body that is not always JSON.</summary>
public static class JsonBody
{
    /// <summary>The body read as every other one is, with the same refusals.</summary>
    public static async Task<T> ReadJsonAsync<T>(this HttpContext http, CancellationToken ct) where T : class
    {
        ArgumentNullException.ThrowIfNull(http);
        if (!http.Request.HasJsonContentType())
        {
            throw new RefusedException(new Refusal("unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "The body must be JSON, and its Content-Type must say so.", "Content-Type"));
        }

        try
        {
            return await http.Request.ReadFromJsonAsync<T>(ct) ?? throw new RefusedException(Refusal.Invalid("malformed-json", "$", "The body is missing."));
        }
        catch (JsonException malformed)
        {
            throw new BadHttpRequestException(malformed.Message, malformed);
        }
    }
}

/// <summary>A value of a JSON body that breaks a rule which holds for all of its kind. Its path is added on the way out.</summary>
/// <param name="code">The rule's stable name.</param>
/// <param name="rule">The rule as a sentence.</param>
/// <param name="index">Where in the list, when the list was read to its end before it was found.</param>
internal sealed class BrokenRuleException(string code, string rule, int? index = null) : JsonException(rule)
{
    public string Code => code;

    /// <summary>The JSON path of the value, from <c>$</c>. At a list's end the path may still hold the place after its last item.</summary>
    public string Where => Path is not { } path ? "$" : index is null ? path : $"{(path.EndsWith(']') ? path[..path.LastIndexOf('[')] : path)}[{index}]";
}
