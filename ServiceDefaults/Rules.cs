using System.Text.Json;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Rules that many inputs share.</summary>
public static class Rules
{
    /// <summary>A text that must be there, of at most so many characters, without control characters.</summary>
    public static Refusal? Text(string field, string? value, int most, int least = 1) =>
        value is null || value.Trim().Length < least ? Refusal.Invalid("text-missing", field, $"The field {field} must have {least} to {most} characters.")
        : OptionalText(field, value, most);

    /// <summary>A value of an enumeration from a query, written as in JSON (camelCase); null where it is left out. Refuses anything else.</summary>
    public static T? OneOf<T>(string field, string? value) where T : struct, Enum =>
        string.IsNullOrEmpty(value) ? null
        : Enum.GetValues<T>().FirstOrDefault(known => JsonNamingPolicy.CamelCase.ConvertName(known.ToString()) == value) is var found
            && JsonNamingPolicy.CamelCase.ConvertName(found.ToString()) == value ? found
        : throw new RefusedException(Refusal.Invalid("unknown-value", field,
            $"The value of {field} must be one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}."));

    /// <summary>A text that may be left out.</summary>
    public static Refusal? OptionalText(string field, string? value, int most) =>
        value is null ? null
        : value.Length > most ? Refusal.Invalid("text-too-long", field, $"The field {field} must have at most {most} characters.")
        : !Written.IsText(value) ? Refusal.Invalid("text-with-control-characters", field, Written.TextRule)
        : null;
}
