using System.Text.Json;
using System.Text.Json.Nodes;
using VolunteerBook.Evidence.Checks;

namespace VolunteerBook.Evidence;

/// <summary>
/// Reads JSON that strangers hand in (RFC 8259, as I-JSON, RFC 7493, narrows it): an object, in UTF-8, without doubled members, and with no string that is not
/// Unicode. What is read can be asked for anything without surprise.
/// </summary>
public static class StrictJson
{
    /// <summary>
    /// The most values and names that are read: a statement about a hundred shifts has fewer than a thousand, and a document of millions costs seconds.
    /// </summary>
    public const int MostTokens = 10_000;

    /// <summary>The object; null where the bytes are none, or it has more than <see cref="MostTokens"/>.</summary>
    public static JsonObject? Read(ReadOnlyMemory<byte> json, int maxDepth = 64)
    {
        try
        {
            CheckCost.Parsed(json.Length);
            if (!IsShort(json.Span, maxDepth))
            {
                return null;
            }

            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = maxDepth });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            ReadStrings(document.RootElement);
            return JsonObject.Create(document.RootElement.Clone());
        }
        // The second is how a string says that it is no Unicode: broken UTF-8, or half of a pair of surrogates.
        catch (Exception nonsense) when (nonsense is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsShort(ReadOnlySpan<byte> json, int maxDepth)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        var tokens = 0;
        while (tokens <= MostTokens && reader.Read())
        {
            tokens++;
        }

        return tokens <= MostTokens;
    }

    private static void ReadStrings(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    ReadStrings(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    ReadStrings(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
        }
    }
}
