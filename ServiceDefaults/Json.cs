using System.Text.Json;
using System.Text.Json.Serialization;

namespace VolunteerBook.ServiceDefaults;

/// <summary>One form of JSON for HTTP, events and messages: camelCase, enums as camelCase strings.</summary>
public static class Json
{
    public static JsonSerializerOptions Options { get; } = Create();

    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.NumberHandling = JsonNumberHandling.Strict;
        // A missing constructor parameter is bad input, not a null in the domain.
        options.RespectRequiredConstructorParameters = true;
        options.RespectNullableAnnotations = true;
    }

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
