using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Cases;

/// <summary>Less than was submitted can be confirmed, never more or something else; the volunteer then accepts or disputes it.</summary>
public static class PartialConfirmation
{
    private const int MostShifts = 100;

    /// <summary>What is confirmed.</summary>
    /// <param name="found">The case.</param>
    /// <param name="shifts">The shifts that are confirmed; null for all that was submitted.</param>
    public static EntryFacts Of(Case found, IReadOnlyList<Shift>? shifts) => shifts is null ? found.Facts() : found.Facts() with { Shifts = shifts };

    /// <summary>Whether the shifts are less than was submitted, and a reason is given.</summary>
    public static Refusal? Check(Case found, IReadOnlyList<Shift>? shifts, string? reason) =>
        shifts is null ? null : Refusal.All([Check(found, shifts), Rules.Text("reason", reason, 2000)]);

    /// <summary>Whether the shifts lie within those that were submitted, none twice, and are less together.</summary>
    public static Refusal? Check(Case found, IReadOnlyList<Shift> shifts)
    {
        if (shifts.Count is < 1 or > MostShifts)
        {
            return Refusal.Invalid("shifts-out-of-range", "shifts", $"Confirm 1 to {MostShifts} shifts; to confirm none of them, reject the case.");
        }

        var broken = shifts
            .SelectMany((shift, index) => shift.BrokenRules().Select(rule => Refusal.Invalid(rule.Code, $"shifts[{index}].{rule.Member}", rule.Rule)))
            .ToList();
        if (broken.Count > 0)
        {
            return Refusal.All([.. broken]);
        }

        // By the same clock, too: by another the work would lie in another day or year.
        var claimed = found.Shifts.Select(shift => (shift.Zone, Minutes: shift.UtcMinutes())).ToList();
        var outside = shifts.Index().Where(shift => !claimed.Exists(
            whole => shift.Item.Zone == whole.Zone && shift.Item.UtcMinutes() is var part && part.From >= whole.Minutes.From && part.To <= whole.Minutes.To))
            .Select(shift => Refusal.Invalid(
                "not-submitted", $"shifts[{shift.Index}]", "A confirmed shift must lie within one that was submitted, in the same zone."));
        var inOrder = shifts.Select(shift => shift.UtcMinutes()).Order().ToList();
        return Refusal.All(
        [
            .. outside,
            inOrder.Zip(inOrder.Skip(1)).Any(pair => pair.Second.From < pair.First.To)
                ? Refusal.Invalid("shifts-overlap", "shifts", "The confirmed shifts must not overlap.")
                : null,
            shifts.Sum(shift => shift.Minutes) >= found.Minutes
                ? Refusal.Invalid("not-less", "shifts", "The shifts must add up to less than was submitted; to confirm all of it, leave them out.")
                : null,
        ]);
    }
}

/// <summary><c>POST /api/v1/cases/{id}/statement</c>: the canonical bytes that confirming less than was submitted signs; changes nothing.</summary>
/// <param name="Shifts">The shifts that would be confirmed, each within one of the entry's.</param>
public sealed record PartialStatement(IReadOnlyList<Shift> Shifts);
