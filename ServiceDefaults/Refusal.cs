using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace VolunteerBook.ServiceDefaults;

/// <summary>
/// Why a request was not carried out: a stable code (it ends the problem's <c>type</c>), a status, and for bad input the field by its JSON path.
/// </summary>
/// <param name="Code">Stable kebab-case name of the rule, e.g. <c>minutes-out-of-range</c>.</param>
/// <param name="Status">The HTTP status: 400 for bad input, 409 where the state forbids it.</param>
/// <param name="Message">The rule as a sentence in English; clients translate by the code.</param>
/// <param name="Field">The JSON path of the field that breaks the rule, e.g. <c>shifts[0].minutes</c>.</param>
public sealed record Refusal(string Code, int Status, string Message, string? Field = null)
{
    public const string TypePrefix = "https://volunteerbook.example/problems/";

    private const int MostOfAName = 100;

    /// <summary>Members of the problem beyond those of RFC 9457.</summary>
    public IReadOnlyDictionary<string, object?> Extensions { get; init; } = new Dictionary<string, object?>();

    /// <summary>Further fields that break a rule, by JSON path.</summary>
    public IReadOnlyList<Refusal> Others { get; init; } = [];

    public static Refusal Invalid(string code, string field, string message) => new(code, StatusCodes.Status400BadRequest, message, field);

    /// <summary>
    /// Of a member or a parameter that an operation does not have, or of a value that does not exist. Its name can be as long as a request: only its beginning
    /// is repeated.
    /// </summary>
    /// <param name="what">What it would be, e.g. <c>parameter</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="field">The field that has it for a value; left out where it is the field.</param>
    public static Refusal Unknown(string what, string name, string? field = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var told = name.Length > MostOfAName ? name[..MostOfAName] + "…" : name;
        return Invalid(field is null ? "unknown-field" : "unknown-value", field ?? told, $"There is no {what} {told} here.");
    }

    public static Refusal Conflict(string code, string message) => new(code, StatusCodes.Status409Conflict, message);

    /// <summary>All that is wrong with an input in one refusal, or null when nothing is.</summary>
    public static Refusal? All(IEnumerable<Refusal?> refusals)
    {
        var found = refusals.OfType<Refusal>().SelectMany(refusal => refusal.Others.Prepend(refusal)).ToList();
        return found.Count == 0 ? null : found[0] with { Others = found.Skip(1).ToList() };
    }

    /// <summary>
    /// The problem of RFC 9457. <c>errors</c> has each broken field's messages by its JSON path, <c>codes</c> the rules' stable names in the same order.
    /// </summary>
    public ProblemDetails ToProblemDetails()
    {
        var problem = new ProblemDetails { Type = TypePrefix + Code, Title = Message, Status = Status };
        var fields = Others.Prepend(this).Where(refusal => refusal.Field is not null).ToLookup(refusal => refusal.Field!);
        if (fields.Count > 0)
        {
            problem.Extensions["errors"] = fields.ToDictionary(field => field.Key, field => field.Select(refusal => refusal.Message).ToArray());
            problem.Extensions["codes"] = fields.ToDictionary(field => field.Key, field => field.Select(refusal => refusal.Code).ToArray());
        }

        foreach (var (name, value) in Extensions)
        {
            problem.Extensions[name] = value;
        }

        return problem;
    }

    public ProblemHttpResult ToProblem() => TypedResults.Problem(ToProblemDetails());
}
