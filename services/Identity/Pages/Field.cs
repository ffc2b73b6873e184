namespace VolunteerBook.Identity.Pages;

/// <summary>A field of a form as it is shown (_Field.cshtml).</summary>
/// <param name="Name">Of the field and of its element.</param>
/// <param name="Label">What it asks for.</param>
/// <param name="Type">Of the input element.</param>
/// <param name="Autocomplete">What a browser may fill in.</param>
/// <param name="Value">What stands in it; never of a password.</param>
/// <param name="Hint">What will do.</param>
/// <param name="Mistake">What is wrong with what was sent.</param>
/// <param name="Shortest">The fewest characters.</param>
/// <param name="Longest">The most.</param>
/// <param name="Focused">The page begins there.</param>
public sealed record Field(
    string Name, string Label, string Type, string Autocomplete, string? Value = null, string? Hint = null, string? Mistake = null,
    int? Shortest = null, int Longest = 1024, bool Focused = false)
{
    /// <summary>What describes the field to who does not see it.</summary>
    public string? DescribedBy =>
        string.Join(' ', new[] { Hint is null ? null : Name + "-hint", Mistake is null ? null : Name + "-mistake" }.OfType<string>()) is { Length: > 0 } ids
            ? ids : null;
}
