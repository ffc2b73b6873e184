using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VolunteerBook.Testing;

namespace VolunteerBook.EndToEnd.Tests.Contract;

/// <summary>The document of the whole API as the gateway gives it, and what can be asked of it.</summary>
public sealed class ApiDocument
{
    private readonly JsonObject document;

    private ApiDocument(JsonObject document)
    {
        this.document = document;
        Operations = [.. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
            .Select(operation => new Operation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject())))];
    }

    /// <summary>Every operation of every service.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The answer of any operation whose service is away or fails: a problem.</summary>
    public JsonObject ServiceAway { get; } = new()
    {
        ["content"] = new JsonObject
        {
            ["application/problem+json"] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/Problem" } },
        },
    };

    /// <summary>
    /// Reads it from a gateway. A busy machine may need a while to make the services' documents for the first time, and the gateway
    /// leaves out what takes longer than it waits.
    /// </summary>
    public static Task<ApiDocument> ReadAsync(Uri gateway) => Eventually.Value(async () =>
    {
        using var http = new HttpClient { BaseAddress = gateway };
        var document = JsonNode.Parse(await http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)))!.AsObject();
        return document.ContainsKey("x-unavailable")
            ? throw new InvalidOperationException($"The document lacks services: {document["x-unavailable"]!.ToJsonString()}")
            : new ApiDocument(document);
    });

    /// <summary>The operation that an address belongs to, the most literal where several could be meant; null where there is none.</summary>
    public Operation? Find(string method, string path) => Operations
        .Where(operation => operation.Method == method && operation.Matches(path))
        .OrderBy(operation => operation.Path.Count(c => c == '{'))
        .FirstOrDefault();

    /// <summary>A schema itself, where this is a reference to one.</summary>
    public JsonObject Resolved(JsonObject schema)
    {
        while (schema["$ref"] is { } reference)
        {
            schema = document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]!.AsObject();
        }

        return schema;
    }
}

/// <summary>An operation of the document.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Json">As it stands in the document.</param>
public sealed record Operation(string Method, string Path, JsonObject Json)
{
    private readonly Regex matches = new("^" + Regex.Replace(
        Regex.Escape(Path).Replace("}", "\\}", StringComparison.Ordinal),
        @"\\\{(path|[^}]*?)\\\}",
        one => one.Groups[1].Value == "path" ? ".+" : "[^/]+") + "$");

    public string Name => $"{Method} {Path}";

    public IEnumerable<JsonObject> Parameters => (Json["parameters"] as JsonArray ?? []).Select(parameter => parameter!.AsObject());

    /// <summary>The body's schema by its media type.</summary>
    public IReadOnlyDictionary<string, JsonObject> Bodies => (Json["requestBody"]?["content"] as JsonObject ?? [])
        .ToDictionary(content => content.Key, content => content.Value?["schema"] as JsonObject ?? []);

    public JsonNode? Example => Json["requestBody"]?["content"]?["application/json"]?["example"];

    public bool NeedsVersion => Parameters.Any(parameter => parameter["name"]!.GetValue<string>() == "If-Match");

    public bool Matches(string path) => matches.IsMatch(path);
}
