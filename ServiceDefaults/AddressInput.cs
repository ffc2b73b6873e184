using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// What stands in an address, in headers and in forms is what the endpoint's parameters say it is, before anything of it is used, even by those who check who
/// calls: text is text, a day and a moment are ISO 8601 exactly (.NET would read <c>09.05.2026</c> as the 5th of September), no id is nil, and a value is given
/// once. Settled here for every parameter of every service.
/// </summary>
internal static class AddressInput
{
    private static readonly ConditionalWeakTable<MethodInfo, FrozenDictionary<string, Type>> Parameters = [];

    public static async Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        // Routing has refused a form already where the endpoint takes none.
        var form = http.Request.HasFormContentType && http.GetEndpoint() is RouteEndpoint ? await FormAsync(http) : null;
        if (Refusal.All(Faults(http, form, ParametersOf(http.GetEndpoint()))) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        await next(http);
    }

    private static async Task<IFormCollection> FormAsync(HttpContext http)
    {
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception malformed) when (malformed is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new RefusedException(Refusal.Invalid("malformed-form", "$", "The form cannot be read, or its fields are too many or too long."));
        }
    }

    private static IEnumerable<Refusal?> Faults(HttpContext http, IFormCollection? form, FrozenDictionary<string, Type> declared)
    {
        foreach (var (name, values) in form ?? FormCollection.Empty)
        {
            yield return Fault(name, values, null);
        }

        foreach (var (name, value) in http.Request.RouteValues)
        {
            yield return Fault(name, value as string ?? "", declared.GetValueOrDefault(name));
        }

        foreach (var (name, values) in http.Request.Query)
        {
            yield return declared.TryGetValue(name, out var type) && values.Count > 1
                ? Refusal.Invalid("malformed-value", name, $"The parameter {name} must be given only once.")
                : Fault(name, values, type);
        }

        foreach (var (name, values) in http.Request.Headers)
        {
            yield return Fault(name, values, null);
        }

        // JSON between programs is UTF-8 (RFC 8259, section 8.1).
        if (http.Request.HasJsonContentType() && http.Request.GetTypedHeaders().ContentType?.Charset is { Length: > 0 } charset
            && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Refusal("unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "JSON must be sent as UTF-8.", "Content-Type");
        }
    }

    private static Refusal? Fault(string name, StringValues values, Type? type)
    {
        foreach (var text in values)
        {
            if (!string.IsNullOrEmpty(text) && Fault(name, text, type) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static Refusal? Fault(string name, string text, Type? type) =>
        !Written.IsText(text) ? Refusal.Invalid("text-with-control-characters", name, Written.TextRule)
        : type == typeof(DateOnly) && !Written.TryDay(text, out _) ? Refusal.Invalid("malformed-value", name, Written.DayRule)
        : type == typeof(DateTimeOffset) && !Written.TryInstant(text, out _) ? Refusal.Invalid("malformed-value", name, Written.InstantRule)
        : type == typeof(DateTime) && !Written.TryLocal(text, out _) ? Refusal.Invalid("malformed-value", name, Written.LocalRule)
        : type == typeof(Guid) && Guid.TryParse(text, out var id) && id == Guid.Empty ? Refusal.Invalid("nil-id", name, Written.IdRule)
        : null;

    private static FrozenDictionary<string, Type> ParametersOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<MethodInfo>() is { } handler ? Parameters.GetValue(handler, ParametersOf) : FrozenDictionary<string, Type>.Empty;

    private static FrozenDictionary<string, Type> ParametersOf(MethodInfo handler) => handler.GetParameters()
        .Where(parameter => parameter.Name is not null)
        .ToFrozenDictionary(
            parameter => parameter.Name!, parameter => Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType,
            StringComparer.OrdinalIgnoreCase);
}
