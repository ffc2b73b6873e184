using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// What JSON that others hand in must be, whatever it means: settled here for every body of every service, so that no use case meets a null in a list, an id of
/// nothing, a text that no database holds or a moment that no calendar has. What is written is the same as by <see cref="Json"/>.
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
        // One that is not known may be one that was misspelt, and what was left out by that may mean everything.
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.Converters.Add(new Texts());
        options.Converters.Add(new Exactly<Guid>("malformed-json", Written.IdRule,
            static (ref reader) => !reader.TryGetGuid(out var id) ? null : id != Guid.Empty ? id : throw new BrokenRuleException("nil-id", Written.IdRule),
            static (writer, id) => writer.WriteStringValue(id)));
        options.Converters.Add(new Exactly<DateOnly>("malformed-json", Written.DayRule,
            static (ref reader) => Written.TryDay(reader.GetString()!, out var day) ? day : null,
            static (writer, day) => writer.WriteStringValue(day.ToString("o", null))));
        options.Converters.Add(new Exactly<DateTime>("malformed-json", Written.LocalRule,
            static (ref reader) => Written.TryLocal(reader.GetString()!, out var local) ? local : null,
            static (writer, local) => writer.WriteStringValue(local)));
        options.Converters.Add(new Exactly<DateTimeOffset>("malformed-json", Written.InstantRule,
            static (ref reader) => Written.TryInstant(reader.GetString()!, out var instant) ? instant : null,
            static (writer, instant) => writer.WriteStringValue(instant)));
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver())
            .WithAddedModifier(NoNullsInside).WithAddedModifier(NullMayBeLeftOut);
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

        private static string Checked(string text) =>
            Written.IsText(text) ? text : throw new BrokenRuleException("text-with-control-characters", Written.TextRule);
    }
}
