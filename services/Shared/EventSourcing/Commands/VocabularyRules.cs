using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>Rules for what is said in the movement's own words, in commands and in filters.</summary>
public static class VocabularyRules
{
    /// <summary>An existing region.</summary>
    public static Refusal? Region(string field, string? value) => Regions.Find(value) is not null ? null
        : Refusal.Invalid("unknown-region", field, "The region must be an ISO 3166-2 code such as RU-MOW.");

    /// <summary>An existing task type.</summary>
    public static Refusal? TaskType(string field, string? value) => TaskTypes.Find(value) is not null ? null
        : Refusal.Invalid("unknown-task-type", field, "The task type must be an ICNP/TSO code such as D12.");

    /// <summary>The same of filters, which may be left out.</summary>
    public static Refusal? Filter(string? region = null, string? taskType = null) => Refusal.All(
    [
        string.IsNullOrEmpty(region) ? null : Region("region", region),
        string.IsNullOrEmpty(taskType) ? null : TaskType("taskType", taskType),
    ]);

    /// <summary>A line that stands in documents: their fonts have all of its characters.</summary>
    public static Refusal? Printed(string field, string? value, int most, int least = 1) =>
        Rules.Line(field, value, most, least) ?? (Writing.Missing(field, value) is { } unwritten
            ? Refusal.Invalid("characters-not-written", field, unwritten.Rule) with
            {
                Extensions = new Dictionary<string, object?> { ["characters"] = unwritten.Listed },
            }
            : null);
}
