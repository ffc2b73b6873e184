namespace VolunteerBook.ServiceDefaults;

/// <summary>Rules that many inputs share.</summary>
public static class Rules
{
    /// <summary>A text that must be there, of at most so many characters, without control characters.</summary>
    public static Refusal? Text(string field, string? value, int most, int least = 1) =>
        value is null || value.Trim().Length < least ? Refusal.Invalid("text-missing", field, $"Give a text of {least} to {most} characters.")
        : OptionalText(field, value, most);

    /// <summary>A text that may be left out.</summary>
    public static Refusal? OptionalText(string field, string? value, int most) =>
        value is null ? null
        : value.Length > most ? Refusal.Invalid("text-too-long", field, $"At most {most} characters.")
        // PostgreSQL's jsonb cannot hold U+0000, and nothing that people write needs the others.
        : value.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? Refusal.Invalid("text-with-control-characters", field, "No control characters.")
        : null;
}
