using System.Text;

namespace VolunteerBook.EndToEnd.Tests;

/// <summary>
/// Reads what the tests need of an ExportTraceServiceRequest (opentelemetry-proto, trace/v1): protocol buffers' wire format is fields of
/// number, kind and value, and four of the messages are looked into.
/// </summary>
internal static class OtlpTrace
{
    public static List<ReceivedSpan> Read(ReadOnlySpan<byte> request)
    {
        var spans = new List<ReceivedSpan>();
        foreach (var (number, resourceSpans) in Fields(request))
        {
            if (number == 1)
            {
                ReadResourceSpans(resourceSpans, spans);
            }
        }

        return spans;
    }

    private static void ReadResourceSpans(byte[] message, List<ReceivedSpan> spans)
    {
        var fields = Fields(message);
        var service = fields.Where(field => field.Number == 1).SelectMany(resource => Fields(resource.Value)).Where(field => field.Number == 1)
            .Select(attribute => KeyAndText(attribute.Value)).FirstOrDefault(attribute => attribute.Key == "service.name").Text ?? "";
        foreach (var span in fields.Where(field => field.Number == 2).SelectMany(scope => Fields(scope.Value)).Where(field => field.Number == 2))
        {
            var parts = Fields(span.Value).ToLookup(field => field.Number, field => field.Value);
            spans.Add(new ReceivedSpan(
                service,
                Hex(parts[1].FirstOrDefault()),
                Hex(parts[2].FirstOrDefault()),
                Hex(parts[4].FirstOrDefault()),
                Encoding.UTF8.GetString(parts[5].FirstOrDefault() ?? [])));
        }
    }

    private static (string Key, string? Text) KeyAndText(byte[] attribute)
    {
        var fields = Fields(attribute);
        var text = fields.Where(field => field.Number == 2)
            .SelectMany(value => Fields(value.Value)).Where(field => field.Number == 1).Select(field => field.Value).FirstOrDefault();
        return (Encoding.UTF8.GetString(fields.First(field => field.Number == 1).Value), text is null ? null : Encoding.UTF8.GetString(text));
    }

    private static string Hex(byte[]? bytes) => Convert.ToHexStringLower(bytes ?? []);

    // The fields that hold bytes, text or messages; numbers are passed over.
    private static List<(int Number, byte[] Value)> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int, byte[])>();
        while (message.Length > 0)
        {
            var tag = (int)Varint(ref message);
            switch (tag & 7)
            {
                case 0:
                    Varint(ref message);
                    break;
                case 1:
                    message = message[8..];
                    break;
                case 2:
                    var length = (int)Varint(ref message);
                    fields.Add((tag >> 3, message[..length].ToArray()));
                    message = message[length..];
                    break;
                default:
                    message = message[4..];
                    break;
            }
        }

        return fields;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
