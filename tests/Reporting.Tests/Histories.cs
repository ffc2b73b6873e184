using CsCheck;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Reporting.Hours;

namespace VolunteerBook.Reporting.Tests;

/// <summary>
/// Random lives of entries, as the ledger lets them be, over few volunteers, organisations, regions, task types and days, so
/// that they meet in the totals and in time.
/// </summary>
internal static class Histories
{
    public static readonly string[] Regions = ["RU-MOW", "RU-SPE", "RU-TA"];
    public static readonly string[] TaskTypes = ["D12", "E12", "B32"];
    public static readonly Guid[] Organisations = [.. Enumerable.Range(1, 3).Select(number => Uuid.V5(Guid.Empty, $"organisation {number}"))];
    public static readonly Guid[] Volunteers = [.. Enumerable.Range(1, 4).Select(number => Uuid.V5(Guid.Empty, $"volunteer {number}"))];

    // From 1 November 2025: the night on which New York's clock moved, the ends of a month and of the year, the night on which Berlin's moved.
    private static readonly int[] CrowdedDays = [1, 29, 30, 60, 61, 148];

    public static readonly Gen<IReadOnlyList<Shift>> Shifts =
        (from day in Gen.Frequency((1, Gen.Int[0, 150]), (3, Gen.OneOf(CrowdedDays)))
         from hour in Gen.Int[0, 23]
         from seconds in Gen.Frequency((1, Gen.Int[0, 3599]), (2, Gen.Const(0)))
         from zone in Gen.OneOf("Europe/Moscow", "Asia/Kamchatka", "Europe/Kaliningrad", "Europe/Berlin", "America/New_York")
         from minutes in Gen.Frequency((4, Gen.Int[1, 240]), (1, Gen.Int[1, Shift.MostMinutes]))
         let shift = new Shift(new DateTime(2025, 11, 1, 0, 0, 0, DateTimeKind.Unspecified).AddDays(day).AddHours(hour).AddSeconds(seconds), zone, minutes)
         where !shift.BrokenRules().Any()
         select shift)
        .List[1, 4].Select(shifts => (IReadOnlyList<Shift>)shifts);

    private static readonly EvidenceGrade?[] Grades = [null, EvidenceGrade.Signed, EvidenceGrade.Confirmed];

    private static readonly Gen<EntryFacts> Facts =
        from organisation in Gen.OneOf(Organisations)
        from region in Gen.OneOf(Regions)
        from taskType in Gen.OneOf(TaskTypes)
        from shifts in Shifts
        select new EntryFacts(organisation, "Проект", taskType, region, shifts);

    /// <summary>The words on one entry in the order in which they were said. Now and then the submission is missing before the decision.</summary>
    public static readonly Gen<IReadOnlyList<object>> OfOneEntry =
        from entry in Gen.Guid
        from volunteer in Gen.OneOf(Volunteers)
        from revisions in Gen.Select(Facts, Gen.Enum<FactStatus>(), Gen.Int[0, 5], Gen.OneOf(Grades)).Array[1, 3]
        select (IReadOnlyList<object>)[.. revisions.SelectMany((drawn, index) =>
        {
            var (facts, end, chance, grade) = drawn;
            // Only the last submission may end for good; those before it were returned, or confirmed and then amended or revoked.
            end = index < revisions.Length - 1 && end is FactStatus.Submitted or FactStatus.Withdrawn ? FactStatus.Declined : end;
            return Words(entry, volunteer, index + 1, facts, end, grade, heardOfSubmission: chance > 0);
        })];

    /// <summary>The words on some entries, in any order at all.</summary>
    public static readonly Gen<object[]> OfSomeEntries =
        from entries in OfOneEntry.Array[1, 6]
        from words in Gen.Shuffle(entries.SelectMany(words => words).ToArray())
        select words;

    private static IEnumerable<object> Words(
        Guid entry, Guid volunteer, int revision, EntryFacts facts, FactStatus end, EvidenceGrade? grade, bool heardOfSubmission)
    {
        if (heardOfSubmission || end == FactStatus.Submitted)
        {
            yield return Given.Submitted(entry, volunteer, facts, revision);
        }

        switch (end)
        {
            case FactStatus.Declined:
                yield return Given.Declined(entry, volunteer, revision);
                break;
            case FactStatus.Withdrawn:
                yield return Given.Withdrawn(entry, volunteer, facts, revision);
                break;
            case FactStatus.Confirmed:
                yield return Given.Confirmed(entry, volunteer, facts, revision, grade);
                break;
            case FactStatus.Revoked:
                yield return Given.Confirmed(entry, volunteer, facts, revision, grade);
                yield return Given.Revoked(entry, volunteer, revision);
                break;
        }
    }
}
