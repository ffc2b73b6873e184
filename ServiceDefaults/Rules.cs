using System.Text.Json;

namespace VolunteerBook.ServiceDefaults;

/// <summary>Rules that many inputs share. Lengths are in UTF-16 code units.</summary>
public static class Rules
{
    /// <summary>A text that must be there: something of it can be seen, and it has at most so many characters.</summary>
    public static Refusal? Text(string field, string? value, int most, int least = 1) =>
        value is null || Written.SeenOf(value, least) < least
            ? Refusal.Invalid("text-missing", field, $"The field {field} must have {least} to {most} characters, and at least {least} that can be seen.")
        : OptionalText(field, value, most);

    /// <summary>A text of one line that must be there, such as a name or a title.</summary>
    public static Refusal? Line(string field, string? value, int most, int least = 1) => Text(field, value, most, least) ?? OneLine(field, value);

    /// <summary>A text that may be left out.</summary>
    public static Refusal? OptionalText(string field, string? value, int most) =>
        value is null ? null
        : value.Length > most ? Refusal.Invalid("text-too-long", field, $"The field {field} must have at most {most} characters.")
        : !Written.IsText(value) ? Refusal.Invalid("text-with-control-characters", field, Written.TextRule)
        : null;

    /// <summary>A text of one line that may be left out.</summary>
    public static Refusal? OptionalLine(string field, string? value, int most) => OptionalText(field, value, most) ?? OneLine(field, value);

    /// <summary>A value of an enumeration from a query, written as in JSON (camelCase); null where it is left out. Refuses anything else.</summary>
    public static T? OneOf<T>(string field, string? value) where T : struct, Enum =>
        string.IsNullOrEmpty(value) ? null
        : Enum.GetValues<T>().FirstOrDefault(known => JsonNamingPolicy.CamelCase.ConvertName(known.ToString()) == value) is var found
            && JsonNamingPolicy.CamelCase.ConvertName(found.ToString()) == value ? found
        : throw new RefusedException(Refusal.Invalid("unknown-value", field,
            $"The value of {field} must be one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName))}."));

    private static Refusal? OneLine(string field, string? value) =>
        value is null ? null
        : value.Any(c => c is '\n' or '\r' or '\t' or '\u2028' or '\u2029')
            ? Refusal.Invalid("text-of-lines", field, $"The field {field} must be a single line.")
        : Written.TurnsDirection(value) ? Refusal.Invalid("text-with-control-characters", field, Written.DirectionRule)
        : null;
}
