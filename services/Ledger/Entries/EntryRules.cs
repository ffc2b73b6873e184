using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.ServiceDefaults;
using Written = VolunteerBook.ServiceDefaults.Written;

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
        .. CheckLines(facts),
        VocabularyRules.TaskType("taskType", facts.TaskType),
        VocabularyRules.Region("region", facts.Region),
        .. Check(facts.Volume, facts.TaskType),
        CheckWords(description, documents),
        facts.Shifts.Count is < 1 or > MostShifts ? Refusal.Invalid("shifts-out-of-range", "shifts", $"An entry must have 1 to {MostShifts} shifts.") : null,
        CheckShifts([.. facts.Shifts.Take(MostShifts)], now),
    ]);

    /// <summary>All that is wrong with what the volunteer says to an entry: own words and documents.</summary>
    public static Refusal? CheckWords(string? description, IReadOnlyList<DocumentReference>? documents) => Refusal.All(
    [
        Rules.OptionalText("description", description, 4000),
        documents is { Count: > MostDocuments }
            ? Refusal.Invalid("documents-out-of-range", "documents", $"An entry can name at most {MostDocuments} documents.")
            : null,
        .. (documents ?? []).Take(MostDocuments).SelectMany((document, index) => Check(document, $"documents[{index}]")),
    ]);

    /// <summary>All that is wrong with an entry that an earlier version took; null where nothing is.</summary>
    public static Refusal? CheckAgain(Entry entry, DateTimeOffset now) =>
        Refusal.All([CheckShifts(entry.Facts.Shifts, now), .. CheckLines(entry.Facts)]);

    /// <summary>What is kept of documents: of a number that is blank, nothing.</summary>
    public static IReadOnlyList<DocumentReference>? Kept(IReadOnlyList<DocumentReference>? documents) =>
        documents is null ? null : [.. documents.Select(document => document with { Number = Written.Kept(document.Number) })];

    /// <summary>All that is wrong with the shifts of an entry, or null.</summary>
    public static Refusal? CheckShifts(IReadOnlyList<Shift> shifts, DateTimeOffset now) => Refusal.All([.. Broken(shifts, now)]);

    // What is signed, and printed on every document over a book.
    private static IEnumerable<Refusal?> CheckLines(EntryFacts facts) =>
    [
        Rules.Line("project", facts.Project, 200),
        Rules.OptionalLine("place", facts.Place, 200),
        facts.Project is null ? null : CharactersNotWritten.In(facts.Project, facts.Place),
    ];

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
            Rules.OptionalLine($"{path}.number", document.Number, 100),
            Rules.OptionalLine($"{path}.uri", document.Uri, 500) is { } broken ? broken : document.Uri is null
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
