using System.Buffers;
using System.Text;
using System.Text.Json;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// What analysts are told of a stored event: numbers, truth values, ids and instants always, since they hold no words; texts, lists and nested
/// objects only under the names that a service tells, at any depth. What is new in an event is left out until somebody names it, so that nothing
/// typed freely gets out by being forgotten.
/// </summary>
public sealed class Told(IEnumerable<string> names)
{
    /// <summary>Of the facts of a piece of work everything but where exactly it was, which people type freely.</summary>
    public static IReadOnlyList<string> Facts { get; } = ["facts", "shifts", "zone", "taskType", "region", "level", "volume", "unit", "project"];

    // Longer is neither an id nor an instant.
    private const int LongestShape = 36;

    private readonly byte[][] names = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Writes the object without what is not told. What is written is as it was stored, byte for byte.</summary>
    public void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Value(ref reader, json, output);
    }

    private void Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                output.Write("{"u8);
                var isFirst = true;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed];
                    var isNamed = IsNamed(reader.ValueSpan);
                    reader.Read();
                    if (!isNamed && !IsWordless(ref reader))
                    {
                        reader.Skip();
                        continue;
                    }

                    if (!isFirst)
                    {
                        output.Write(","u8);
                    }

                    isFirst = false;
                    output.Write(name);
                    Value(ref reader, json, output);
                }

                output.Write("}"u8);
                break;
            case JsonTokenType.StartArray:
                output.Write("["u8);
                for (var at = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; at++)
                {
                    if (at > 0)
                    {
                        output.Write(","u8);
                    }

                    Value(ref reader, json, output);
                }

                output.Write("]"u8);
                break;
            default:
                output.Write(json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]);
                break;
        }
    }

    private bool IsNamed(ReadOnlySpan<byte> name)
    {
        foreach (var told in names)
        {
            if (name.SequenceEqual(told))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsWordless(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject or JsonTokenType.StartArray => false,
        JsonTokenType.String => reader.ValueSpan.Length <= LongestShape && (reader.TryGetGuid(out _) || reader.TryGetDateTimeOffset(out _)),
        _ => true,
    };
}
