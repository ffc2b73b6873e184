using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using Microsoft.Extensions.Primitives;

namespace VolunteerBook.Gateway;

/// <summary>Reads the subject out of a JSON Web Token as it stands. Nothing is checked: what it says is good for counting and nothing else.</summary>
public static class BearerToken
{
    const string Scheme = "Bearer ";
    const int LongestPayload = 8 * 1024, LongestSubject = 128;

    /// <summary>The subject, or nothing when there is no bearer token or it cannot be read.</summary>
    public static string? Subject(StringValues authorization)
    {
        if (authorization.Count != 1 || authorization[0] is not { } header || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)) return null;

        var token = header.AsSpan(Scheme.Length);
        var start = token.IndexOf('.') + 1;
        var length = start == 0 ? -1 : token[start..].IndexOf('.');
        if (length is <= 0 or > LongestPayload) return null;

        var buffer = ArrayPool<byte>.Shared.Rent(Base64Url.GetMaxDecodedLength(length));
        try
        {
            return Base64Url.DecodeFromChars(token.Slice(start, length), buffer, out _, out var written) is OperationStatus.Done
                ? Subject(buffer.AsSpan(0, written))
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static string? Subject(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var found = reader.ValueTextEquals("sub"u8);
                reader.Read();
                if (found) return reader.TokenType is JsonTokenType.String && reader.ValueSpan.Length <= LongestSubject ? reader.GetString() : null;
                reader.Skip();
            }
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // Not a token that anyone issued; the address alone counts then.
            return null;
        }

        return null;
    }
}
