using System.Collections.Frozen;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// What stands in an address, in headers and in forms is what the endpoint's parameters say it is, before anything of it is used, even by those who check who
/// calls: text is text, a day and a moment are ISO 8601 exactly (.NET would read <c>09.05.2026</c> as the 5th of September), no id is nil, a number is within
/// its bounds, and a value is given once. A parameter that an operation of the API does not have is refused: misspelt, it would ask for everything. Settled
/// here for every parameter of every service.
/// </summary>
internal static class AddressInput
{
    private static readonly ConditionalWeakTable<MethodInfo, FrozenDictionary<string, Declared>> Parameters = [];

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

    private static IEnumerable<Refusal?> Faults(HttpContext http, IFormCollection? form, FrozenDictionary<string, Declared> declared)
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
            yield return declared.TryGetValue(name, out var parameter) && values.Count > 1
                ? Refusal.Invalid("malformed-value", name, $"The parameter {name} must be given only once.")
                : Fault(name, values, parameter) ?? (IsOfApi(http) && (parameter is not { IsValue: true } || http.Request.RouteValues.ContainsKey(name))
                    ? Refusal.Unknown("parameter", name)
                    : null);
        }

        foreach (var (name, values) in http.Request.Headers)
        {
            yield return Fault(name, values, null);
        }

        // JSON between programs is UTF-8 (RFC 8259, section 8.1).
        if (http.Request.HasJsonContentType() && http.Request.GetTypedHeaders().ContentType?.Charset is { Length: > 0 } charset
            && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Refusal("unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "JSON must be sent as UTF-8.", "Content-Type");
        }

        if (http.Request.Headers.ContentEncoding.ToString() is { Length: > 0 } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Refusal(
                "unsupported-media-type", StatusCodes.Status415UnsupportedMediaType, "The body must not be compressed.", "Content-Encoding");
        }
    }

    // Elsewhere a standard says what is done about parameters that are not known: OAuth has them ignored (RFC 6749, section 3.1).
    internal static bool IsOfApi(HttpContext http) =>
        http.GetEndpoint() is RouteEndpoint endpoint && endpoint.RoutePattern.RawText?.TrimStart('/').StartsWith("api/", StringComparison.Ordinal) == true;

    private static Refusal? Fault(string name, StringValues values, Declared? parameter)
    {
        foreach (var text in values)
        {
            if (!string.IsNullOrEmpty(text) && Fault(name, text, parameter) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static Refusal? Fault(string name, string text, Declared? parameter)
    {
        var type = parameter?.Type;
        return !Written.IsText(text) ? Refusal.Invalid("text-with-control-characters", name, Written.TextRule)
            : type == typeof(DateOnly) && !Written.TryDay(text, out _) ? Refusal.Invalid("malformed-value", name, Written.DayRule)
            : type == typeof(DateTimeOffset) && !Written.TryInstant(text, out _) ? Refusal.Invalid("malformed-value", name, Written.InstantRule)
            : type == typeof(DateTime) && !Written.TryLocal(text, out _) ? Refusal.Invalid("malformed-value", name, Written.LocalRule)
            : type == typeof(Guid) && Guid.TryParse(text, out var id) && id == Guid.Empty ? Refusal.Invalid("nil-id", name, Written.IdRule)
            : parameter?.Bounds is { } bounds
                && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && bounds.IsValid(number))
                ? Refusal.Invalid("malformed-value", name, $"The value of {name} must be a whole number from {bounds.Minimum} to {bounds.Maximum}.")
            : null;
    }

    private static FrozenDictionary<string, Declared> ParametersOf(Endpoint? endpoint) =>
        endpoint?.Metadata.GetMetadata<MethodInfo>() is { } handler ? Parameters.GetValue(handler, ParametersOf) : FrozenDictionary<string, Declared>.Empty;

    private static FrozenDictionary<string, Declared> ParametersOf(MethodInfo handler) => handler.GetParameters()
        .Where(parameter => parameter.Name is not null)
        .ToFrozenDictionary(
            parameter => parameter.Name!,
            parameter => new Declared(
                Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType, parameter.GetCustomAttribute<RangeAttribute>()),
            StringComparer.OrdinalIgnoreCase);

    private sealed record Declared(Type Type, RangeAttribute? Bounds)
    {
        /// <summary>Whether it is a value or several, and no body or service.</summary>
        public bool IsValue { get; } = Of(Type.GetElementType() ?? Type);

        private static bool Of(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(Guid) || type == typeof(DateOnly)
            || type == typeof(DateTime) || type == typeof(DateTimeOffset);
    }
}
