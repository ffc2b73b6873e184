using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace VolunteerBook.ServiceDefaults;

/// <summary>The OpenAPI 3.1 document of a service: security, problem responses, conditional headers, examples.</summary>
public static class OpenApi
{
    /// <summary>An example of the request's body, shown in the document and usable as it is.</summary>
    public static TBuilder WithExample<TBuilder>(this TBuilder endpoint, object body) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequestExample(body));

    internal static void AddOpenApiDocument(this IServiceCollection services) =>
        services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.CreateSchemaReferenceId = NameOf;
            options.AddDocumentTransformer((document, context, _) =>
            {
                document.Components ??= new OpenApiComponents();
                document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
                document.Components.SecuritySchemes["bearer"] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    BearerFormat = "JWT",
                    Description = "An access token of the configured OpenID Connect authority.",
                };
                document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
                document.Components.Schemas["Problem"] = ProblemSchema;
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, _) => Describe(operation, context));
            options.AddSchemaTransformer((schema, context, _) =>
            {
                Describe(schema, context.JsonTypeInfo, context.JsonPropertyInfo);
                return Task.CompletedTask;
            });
        });

    // Two records of one name are two schemas: in the assembly that has both, each has its namespace's last part or its outer type's name before it.
    private static string? NameOf(JsonTypeInfo type) =>
        OpenApiOptions.CreateDefaultSchemaReferenceId(type) is null ? null : NameOf(Nullable.GetUnderlyingType(type.Type) ?? type.Type);

    private static string NameOf(Type type)
    {
        // What is called otherwise in the API than here says so itself.
        if (type.GetCustomAttribute<DisplayNameAttribute>() is { } told)
        {
            return told.DisplayName;
        }

        var name = type.Name.Split('`')[0];
        if (Namesakes.GetValue(type.Assembly, assembly => [.. assembly.GetTypes().Where(one => one.IsVisible && !one.IsGenericTypeDefinition)
            .GroupBy(one => one.Name).Where(group => group.Count() > 1).Select(group => group.Key)]).Contains(name))
        {
            name = (type.DeclaringType?.Name ?? type.Namespace!.Split('.')[^1]) + name;
        }

        return type.IsGenericType ? $"{name}Of{string.Join("And", type.GetGenericArguments().Select(NameOf))}" : name;
    }

    private static readonly ConditionalWeakTable<Assembly, HashSet<string>> Namesakes = [];

    // What is read by converters of its own (see JsonInput), which leave nothing of a value in the document. A time
    // without an offset is no date-time of RFC 3339.
    private static readonly Dictionary<Type, string?> Formats = new()
    {
        [typeof(string)] = null,
        [typeof(Guid)] = "uuid",
        [typeof(DateOnly)] = "date",
        [typeof(DateTime)] = "date-time-local",
        [typeof(DateTimeOffset)] = "date-time",
    };

    private static void Describe(OpenApiSchema schema, JsonTypeInfo type, JsonPropertyInfo? property)
    {
        // What is asked takes no other members, but the same schema describes answers, and these may have more one day.
        schema.AdditionalPropertiesAllowed = true;
        if (Described(type.Type) is { } text)
        {
            schema.Type = property is { IsGetNullable: true } ? text.Type | JsonSchemaType.Null : text.Type;
            schema.Format = text.Format;
        }
        else if (type.ElementType is { } element && Described(element) is { } item)
        {
            if (type.Kind is JsonTypeInfoKind.Dictionary)
            {
                schema.AdditionalProperties = item;
            }
            else
            {
                schema.Items = item;
            }
        }

        // A member that may be null, or one of the values: the values themselves do not count null once more.
        if (Nullable.GetUnderlyingType(type.Type) is { IsEnum: true } values)
        {
            schema.Enum = [.. Enum.GetNames(values).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))];
        }

        foreach (var member in type.Properties.Where(member => member.IsGetNullable))
        {
            schema.Required?.Remove(member.Name);
            // Of one that is only ever read, nothing says by itself that it may be null.
            if (member is { Set: null, AssociatedParameter: null } && schema.Properties is { } members && members.TryGetValue(member.Name, out var one)
                && one is OpenApiSchema { OneOf: null or [] } known && known.Type?.HasFlag(JsonSchemaType.Object) == true)
            {
                DescribeWhole(known, type.Options.GetTypeInfo(member.PropertyType), null);
                known.Type = JsonSchemaType.Object;
                members[member.Name] = new OpenApiSchema { OneOf = [new OpenApiSchema { Type = JsonSchemaType.Null }, known] };
            }
        }
    }

    // What is put into a schema here is not described by itself.
    private static void DescribeWhole(OpenApiSchema schema, JsonTypeInfo type, JsonPropertyInfo? property)
    {
        Describe(schema, type, property);
        foreach (var member in type.Properties)
        {
            if (schema.Properties is { } members && members.TryGetValue(member.Name, out var one) && one is OpenApiSchema inner)
            {
                DescribeWhole(inner, type.Options.GetTypeInfo(member.PropertyType), member);
            }
        }
    }

    private static OpenApiSchema? Described(Type type) =>
        Formats.TryGetValue(Nullable.GetUnderlyingType(type) ?? type, out var format)
            ? new OpenApiSchema { Type = JsonSchemaType.String, Format = format }
            : null;

    private static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.OperationId ??= OperationId(context.Description.HttpMethod!, context.Description.RelativePath!);
        operation.Security = metadata.OfType<IAllowAnonymous>().Any()
            ? []
            : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];

        // Also what an endpoint says of its refusals has a problem for a body.
        operation.Responses ??= [];
        foreach (var (status, meaning) in ProblemsOf(context.Description.HttpMethod, metadata, operation.RequestBody is not null))
        {
            operation.Responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = meaning,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("Problem", context.Document) },
                },
            };
        }

        if (metadata.OfType<RequestExample>().FirstOrDefault() is { } example && operation.RequestBody?.Content is { } content)
        {
            foreach (var (_, media) in content.Where(body => body.Key == "application/json"))
            {
                media.Example = JsonSerializer.SerializeToNode(example.Body, Json.Options);
            }
        }

        if (HttpMethods.IsPost(context.Description.HttpMethod ?? "") && !metadata.OfType<IAllowAnonymous>().Any())
        {
            Header(
                operation, "Idempotency-Key", false,
                "Any unique text. A repeat with the same key and body within seven days has no further effect and gets the same answer.");
        }

        if (metadata.OfType<RequiresVersion>().Any())
        {
            Header(operation, "If-Match", true, "The ETag that was read, e.g. \"3\".");
        }

        return Task.CompletedTask;
    }

    private static void Header(OpenApiOperation operation, string name, bool required, string description)
    {
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Header,
            Required = required,
            Description = description,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    // POST api/v1/entries/{id}/corrections: postEntriesByIdCorrections.
    private static string OperationId(string method, string path) =>
        method.ToLowerInvariant() + string.Concat(path.Split('/', '-', '.').Where(part => part is not ("api" or "v1"))
            .Select(part => part.Trim('{', '}', '*').Split(':')[0] is var word && part.StartsWith('{') ? $"By{Capital(word)}" : Capital(word)));

    private static string Capital(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..];

    private static IEnumerable<(int Status, string Meaning)> ProblemsOf(string? method, IList<object> metadata, bool hasBody)
    {
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            yield return (401, "No valid access token");
            yield return (403, "This kind of caller may not do this");
        }

        yield return (400, "Bad input; the problem names the field and the rule");
        yield return (404, "Not found, or not visible to the caller");
        if (hasBody)
        {
            yield return (413, "The body is too large");
        }

        if (!HttpMethods.IsGet(method ?? ""))
        {
            yield return (415, "The body's media type is not accepted, or it is not in UTF-8");
        }

        yield return (409, "The current state does not allow it");
        if (!HttpMethods.IsGet(method ?? ""))
        {
            yield return (422, "The Idempotency-Key was used with another body, or the signature was refused");
        }

        if (metadata.OfType<RequiresVersion>().Any())
        {
            yield return (412, "It has changed since it was read");
            yield return (428, "If-Match is missing");
        }

        yield return (429, "Too many requests");
    }

    private static OpenApiSchema ProblemSchema { get; } = new()
    {
        Type = JsonSchemaType.Object,
        // Some have members of their own, such as the version that is current.
        AdditionalProperties = new OpenApiSchema(),
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] =
                new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri", Examples = [JsonValue.Create(Refusal.TypePrefix + "minutes-out-of-range")!] },
            ["title"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer },
            ["detail"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["traceId"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "Rules broken, by JSON path of the field",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
            ["codes"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "The rules' stable names, in the order of errors",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        },
    };
}
