using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>What every entry must keep to, whoever writes it.</summary>
public static class EntryRules
{
    public const int MostShifts = 100;

    public const int MostDocuments = 20;

    /// <summary>All that is wrong with an entry, each with its field, or null.</summary>
    public static Refusal? Check(EntryFacts facts, string? description, IReadOnlyList<DocumentReference>? documents, DateTimeOffset now) => Refusal.All(
    [
        facts.OrganisationId == Guid.Empty ? Refusal.Invalid("organisation-missing", "organisationId", "Name the organisation in organisationId.") : null,
        Rules.Line("project", facts.Project, 200),
        TaskTypes.Find(facts.TaskType) is null ? Refusal.Invalid("unknown-task-type", "taskType", "The task type must be an ICNP/TSO code such as D12.") : null,
        Regions.Find(facts.Region) is null ? Refusal.Invalid("unknown-region", "region", "The region must be an ISO 3166-2 code such as RU-MOW.") : null,
        facts.Place is null ? null : Rules.Line("place", facts.Place, 200),
        .. Check(facts.Volume, facts.TaskType),
        Rules.OptionalText("description", description, 4000),
        documents is { Count: > MostDocuments }
            ? Refusal.Invalid("documents-out-of-range", "documents", $"An entry can name at most {MostDocuments} documents.")
            : null,
        .. (documents ?? []).Take(MostDocuments).SelectMany((document, index) => Check(document, $"documents[{index}]")),
        facts.Shifts.Count is < 1 or > MostShifts ? Refusal.Invalid("shifts-out-of-range", "shifts", $"An entry must have 1 to {MostShifts} shifts.") : null,
        CheckShifts([.. facts.Shifts.Take(MostShifts)], now),
        facts.Project is null ? null : CharactersNotWritten.In(facts.Project, facts.Place),
    ]);

    /// <summary>All that is wrong with an entry that an earlier version took; null where nothing is.</summary>
    public static Refusal? CheckAgain(Entry entry, DateTimeOffset now) =>
        Refusal.All([CheckShifts(entry.Facts.Shifts, now), CharactersNotWritten.In(entry.Facts.Project, entry.Facts.Place)]);

    /// <summary>All that is wrong with the shifts of an entry, or null.</summary>
    public static Refusal? CheckShifts(IReadOnlyList<Shift> shifts, DateTimeOffset now) => Refusal.All([.. Broken(shifts, now)]);

    private static IEnumerable<Refusal> Broken(IReadOnlyList<Shift> shifts, DateTimeOffset now)
    {
        var broken = shifts.SelectMany((shift, index) => Check(shift, $"shifts[{index}]", now)).ToList();
        if (broken.Count > 0)
        {
            return broken;
        }

        var inOrder = shifts.Select((shift, index) => (shift.UtcMinutes().From, shift.UtcMinutes().To, index))
            .OrderBy(shift => shift.From).ThenBy(shift => shift.index).ToList();
        return inOrder.Zip(inOrder.Skip(1)).Where(pair => pair.Second.From < pair.First.To)
            .Select(pair => Refusal.Invalid("shifts-overlap", $"shifts[{pair.Second.index}]", "The shifts of an entry must not overlap."));
    }

    private static IEnumerable<Refusal?> Check(Volume? volume, string taskType) => volume is null ? [] :
    [
        volume.Amount is < 1 or > Volume.MostAmount
            ? Refusal.Invalid("amount-out-of-range", "volume.amount", $"The amount must be a whole number from 1 to {Volume.MostAmount}.") : null,
        VolumeUnits.Find(volume.Unit) is not { } unit
            ? Refusal.Invalid("unknown-unit", "volume.unit", "The unit must be one of the published units, such as people.")
            : TaskTypes.Find(taskType) is not null && !unit.Measures(taskType)
                ? Refusal.Invalid("unit-not-of-the-task", "volume.unit", "Work of this type is not measured in this unit.")
            : null,
    ];

    private static IEnumerable<Refusal?> Check(DocumentReference? document, string path) =>
        document is null ? [Refusal.Invalid("document-missing", path, "The document is missing.")] :
        [
            Rules.Line($"{path}.title", document.Title, 200),
            document.Number is null ? null : Rules.Line($"{path}.number", document.Number, 100),
            document.Uri is null
                || (document.Uri.Length <= 500 && Uri.TryCreate(document.Uri, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps)
                ? null : Refusal.Invalid("uri-malformed", $"{path}.uri", "The address must be an absolute https address of at most 500 characters."),
        ];

    private static List<Refusal> Check(Shift shift, string path, DateTimeOffset now)
    {
        if (shift is null)
        {
            return [Refusal.Invalid("shift-missing", path, "The shift is missing.")];
        }

        return [.. shift.BrokenRules(now).Select(rule => Refusal.Invalid(rule.Code, $"{path}.{rule.Member}", rule.Rule))];
    }
}
