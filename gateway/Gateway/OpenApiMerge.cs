using System.Text.Json;
using System.Text.Json.Nodes;

namespace VolunteerBook.Gateway;

/// <summary>Pure: several services' OpenAPI documents in, one out.</summary>
public static class OpenApiMerge
{
    const string SchemaReference = "#/components/schemas/";

    /// <summary>
    /// Paths that the gateway leads to; schemas under their own names, or with the service's name before them where another service has
    /// a different one of that name; the two ways to sign in. Services without a document are named in <c>x-unavailable</c>.
    /// </summary>
    public static JsonObject Merge(IEnumerable<(string Service, JsonObject? Document)> documents, string? authority)
    {
        JsonObject paths = [], schemas = [];
        JsonArray tags = [], unavailable = [];
        foreach (var (service, document) in documents)
        {
            if (document is null)
            {
                unavailable.Add(service);
                continue;
            }

            tags.Add(new JsonObject { ["name"] = Title(service) });
            Add(service, (JsonObject)document.DeepClone(), paths, schemas);
        }

        var merged = new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "VolunteerBook API",
                ["version"] = "v1",
                ["description"] = "The volunteer's book: profiles, hours, their confirmation by organisations, vacancies and statistics. "
                    + "Errors are problem details (RFC 9457) with a stable type; changes need If-Match with the ETag that was read; "
                    + "a POST may carry an Idempotency-Key. Members of a body and parameters that an operation does not have are refused; "
                    + "answers may get more members.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["tags"] = tags,
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas, ["securitySchemes"] = SecuritySchemes(authority) },
        };
        if (unavailable.Count > 0) merged["x-unavailable"] = unavailable;
        return merged;
    }

    static void Add(string service, JsonObject document, JsonObject paths, JsonObject schemas)
    {
        var own = document["components"]?["schemas"] as JsonObject ?? [];
        var renamed = Conflicts(own, schemas).ToDictionary(name => name, name => Title(service) + name);
        if (renamed.Count > 0) Rename(document, renamed);

        foreach (var (name, schema) in own) schemas.TryAdd(renamed.GetValueOrDefault(name, name), schema?.DeepClone());
        foreach (var (path, operations) in document["paths"] as JsonObject ?? [])
        {
            if (operations is not JsonObject item || !Routes.Leads(path, service)) continue;

            foreach (var (_, operation) in item)
            {
                if (operation is JsonObject described) Describe(described, service);
            }

            paths[path] = item.DeepClone();
        }
    }

    // A schema that looks the same means something else when what it refers to is renamed; so it is renamed with it.
    static HashSet<string> Conflicts(JsonObject own, JsonObject others)
    {
        var shared = own.Where(schema => others.ContainsKey(schema.Key)).ToList();
        var found = shared.Where(schema => !JsonNode.DeepEquals(others[schema.Key], schema.Value))
            .Select(schema => schema.Key).ToHashSet(StringComparer.Ordinal);
        while (shared.Exists(schema => !found.Contains(schema.Key) && References(schema.Value).Overlaps(found) && found.Add(schema.Key)))
        {
        }

        return found;
    }

    static HashSet<string> References(JsonNode? node) => node switch
    {
        JsonObject item => [.. item.SelectMany(member => member.Key == "$ref" && Referred(member.Value) is { } name ? [name] : References(member.Value))],
        JsonArray items => [.. items.SelectMany(References)],
        _ => [],
    };

    static string? Referred(JsonNode? reference) =>
        reference?.GetValueKind() is JsonValueKind.String && reference.GetValue<string>() is var text
            && text.StartsWith(SchemaReference, StringComparison.Ordinal)
            ? text[SchemaReference.Length..]
            : null;

    // An operation that wants a token takes it from either scheme.
    static void Describe(JsonObject operation, string service)
    {
        operation["tags"] = new JsonArray(Title(service));
        if (operation["security"] is JsonArray { Count: > 0 })
        {
            operation["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }, new JsonObject { ["oidc"] = new JsonArray() });
        }
    }

    static JsonObject SecuritySchemes(string? authority) => new()
    {
        ["bearer"] =
            new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT", ["description"] = "An access token of the authority." },
        ["oidc"] = new JsonObject { ["type"] = "openIdConnect", ["openIdConnectUrl"] = (authority?.TrimEnd('/') ?? "") + "/.well-known/openid-configuration" },
    };

    static void Rename(JsonNode? node, Dictionary<string, string> renamed)
    {
        switch (node)
        {
            case JsonObject item:
                foreach (var (key, value) in item.ToArray())
                {
                    if (key == "$ref" && Referred(value) is { } old && renamed.TryGetValue(old, out var name)) item[key] = SchemaReference + name;
                    else Rename(value, renamed);
                }

                break;
            case JsonArray items:
                foreach (var item in items) Rename(item, renamed);
                break;
        }
    }

    static string Title(string service) => char.ToUpperInvariant(service[0]) + service[1..];
}
