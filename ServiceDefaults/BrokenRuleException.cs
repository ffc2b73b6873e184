using System.Text.Json;

namespace VolunteerBook.ServiceDefaults;

/// <summary>A value of a JSON body that breaks a rule which holds for all of its kind. Its path is added on the way out.</summary>
/// <param name="code">The rule's stable name.</param>
/// <param name="rule">The rule as a sentence.</param>
/// <param name="index">Where in the list, when the list was read to its end before it was found.</param>
internal sealed class BrokenRuleException(string code, string rule, int? index = null) : JsonException(rule)
{
    public string Code => code;

    /// <summary>The JSON path of the value, from <c>$</c>. At a list's end the path may still hold the place after its last item.</summary>
    public string Where => Path is not { } path ? "$" : index is null ? path : $"{(path.EndsWith(']') ? path[..path.LastIndexOf('[')] : path)}[{index}]";
}
