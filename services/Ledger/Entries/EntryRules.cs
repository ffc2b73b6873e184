using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>What every entry must keep to, whoever writes it.</summary>
public static class EntryRules
{
    public const int MostShifts = 100;

    /// <summary>All that is wrong with an entry, each with its field, or null.</summary>
    public static Refusal? Check(EntryFacts facts, string? description, DateTimeOffset now) => Refusal.All(
    [
        facts.OrganisationId == Guid.Empty ? Refusal.Invalid("organisation-missing", "organisationId", "Name the organisation.") : null,
        Rules.Text("project", facts.Project, 200),
        TaskTypes.Find(facts.TaskType) is null ? Refusal.Invalid("unknown-task-type", "taskType", "The task type is an ICNP/TSO code such as D12.") : null,
        Regions.Find(facts.Region) is null ? Refusal.Invalid("unknown-region", "region", "The region is an ISO 3166-2 code such as RU-MOW.") : null,
        Rules.OptionalText("description", description, 4000),
        facts.Shifts.Count is < 1 or > MostShifts ? Refusal.Invalid("shifts-out-of-range", "shifts", $"An entry has 1 to {MostShifts} shifts.") : null,
        .. facts.Shifts.Take(MostShifts).SelectMany((shift, index) => Check(shift, $"shifts[{index}]", now)),
    ]);

    private static List<Refusal> Check(Shift shift, string path, DateTimeOffset now)
    {
        if (shift is null)
        {
            return [Refusal.Invalid("shift-missing", path, "Give the shift.")];
        }

        var broken = shift.BrokenRules().Select(rule => Refusal.Invalid(rule.Code, $"{path}.{rule.Member}", rule.Rule)).ToList();
        return broken.Count > 0 ? broken
            : shift.StartsAt() > now ? [Refusal.Invalid("start-in-the-future", $"{path}.start", "Work is logged once it has begun.")]
            : [];
    }
}
