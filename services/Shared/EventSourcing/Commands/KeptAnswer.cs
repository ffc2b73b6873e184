using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>An answer as a repeat gets it.</summary>
internal sealed record KeptAnswer(int Status, Dictionary<string, string> Headers, byte[] Body)
{
    private static readonly string[] KeptHeaders = ["Content-Type", "ETag", "Location"];

    public static KeptAnswer Of(HttpContext http, byte[] body) => new(
        http.Response.StatusCode,
        KeptHeaders.Where(name => http.Response.Headers.ContainsKey(name)).ToDictionary(name => name, name => http.Response.Headers[name].ToString()),
        Without(http.GetEndpoint()?.Metadata.GetMetadata<ToldOnce>(), body));

    public async Task WriteAsync(HttpResponse response, CancellationToken ct)
    {
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers["Idempotent-Replayed"] = "true";
        if (Body.Length > 0)
        {
            await response.Body.WriteAsync(Body, ct);
        }
    }

    private static byte[] Without(ToldOnce? secret, byte[] answer)
    {
        if (secret is null || JsonNode.Parse(answer) is not JsonObject body)
        {
            return answer;
        }

        body.Remove(secret.Member);
        return JsonSerializer.SerializeToUtf8Bytes(body, Json.Options);
    }
}
