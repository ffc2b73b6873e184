using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.OrganisationRules;

/// <summary>Points for work of one responsibility level.</summary>
public sealed record LevelPoints(ResponsibilityLevel Level, int PerHour);

/// <summary>Points for work in one project or programme, known by its name, see <see cref="ProjectName"/>.</summary>
public sealed record ProgrammePoints(string Project, int PerHour);

/// <summary>
/// How an organisation gives points (F1): whole points for the minutes worked, rounded down. A programme's rule goes before a
/// level's, a level's before the general one.
/// </summary>
/// <param name="PerHour">Points for 60 minutes, 0 to 1000.</param>
/// <param name="Levels">Other points for some levels.</param>
/// <param name="Programmes">Other points for some programmes, at most 100.</param>
/// <param name="MostPerEntry">The most that one entry gets; null for no bound.</param>
public sealed record PointsRule(int PerHour, IReadOnlyList<LevelPoints> Levels, IReadOnlyList<ProgrammePoints> Programmes, int? MostPerEntry = null)
{
    public const int MostPerHour = 1000;

    public const int MostProgrammes = 100;

    public int PointsFor(EntryFacts facts)
    {
        var perHour = Programmes.FirstOrDefault(programme => ProjectName.Same(programme.Project, facts.Project))?.PerHour
            ?? Levels.FirstOrDefault(level => level.Level == facts.Level)?.PerHour
            ?? PerHour;
        return Math.Min(facts.Minutes() * perHour / 60, MostPerEntry ?? int.MaxValue);
    }

    public Refusal? Check() => Refusal.All(
    [
        InRange(PerHour, "points.perHour"),
        MostPerEntry is < 0 or > 1_000_000
            ? Refusal.Invalid("points-out-of-range", "points.mostPerEntry", "The most points for an entry must be 0 to 1,000,000.")
            : null,
        .. Levels.Select((level, index) => InRange(level.PerHour, $"points.levels[{index}].perHour")),
        Levels.GroupBy(level => level.Level).Any(level => level.Count() > 1)
            ? Refusal.Invalid("level-twice", "points.levels", "Each level can have only one rule.")
            : null,
        Programmes.Count > MostProgrammes ? Refusal.Invalid("programmes-out-of-range", "points.programmes",
            $"There can be at most {MostProgrammes} programmes.") : null,
        .. Programmes.Take(MostProgrammes).SelectMany((programme, index) => new[]
        {
            VocabularyRules.Printed($"points.programmes[{index}].project", programme.Project, 200),
            InRange(programme.PerHour, $"points.programmes[{index}].perHour"),
        }),
        Programmes.GroupBy(programme => ProjectName.Key(programme.Project ?? "")).Any(programme => programme.Count() > 1)
            ? Refusal.Invalid("programme-twice", "points.programmes", "Each programme can have only one rule.") : null,
    ]);

    private static Refusal? InRange(int perHour, string field) =>
        perHour is < 0 or > MostPerHour ? Refusal.Invalid("points-out-of-range", field, $"The points for an hour must be 0 to {MostPerHour}.") : null;
}

/// <summary>How an organisation's attendance sheets evidence entries (F11).</summary>
/// <param name="WithinMinutes">By how much start and length of a shift may differ from its row and still be evidenced by it, 0 to 60 minutes.</param>
/// <param name="ConfirmByItself">
/// Whether a sheet that is signed from now on confirms by its signature what it evidences. The signed statement says so.
/// </param>
public sealed record MatchingRule(int WithinMinutes, bool ConfirmByItself)
{
    public const int MostMinutes = 60;

    /// <summary>Of an organisation that has said nothing.</summary>
    public static MatchingRule Default { get; } = new(0, false);

    /// <summary>The tolerance, minutes, of what a sheet confirms by itself; null where it confirms nothing.</summary>
    [JsonIgnore]
    public int? ConfirmsWithin => ConfirmByItself ? WithinMinutes : null;

    public Refusal? Check() =>
        WithinMinutes is < 0 or > MostMinutes
            ? Refusal.Invalid("minutes-out-of-range", "matching.withinMinutes", $"The tolerance must be 0 to {MostMinutes} minutes.")
            : null;
}

/// <summary>A coordinator set how the organisation confirms.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Points">How it gives points; null for none.</param>
/// <param name="At">When, UTC.</param>
/// <param name="DecideWithinDays">Within how many days it decides on what is submitted from now on; null where it said nothing.</param>
/// <param name="Matching">How its attendance sheets evidence entries; null for <see cref="MatchingRule.Default"/>.</param>
public sealed record ConfirmationRulesSet(
    Guid OrganisationId, PointsRule? Points, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? DecideWithinDays = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MatchingRule? Matching = null);

/// <summary>
/// How an organisation confirms. It has a stream of its own, so that what Profiles tells of the organisation does not make a change of the rules stale.
/// </summary>
public sealed record ConfirmationRules
{
    /// <summary>Within how many days an organisation decides that has not said another number (N9).</summary>
    public const int UsualDays = 14;

    public const int MostDays = 90;

    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public Guid OrganisationId { get; init; }

    public PointsRule? Points { get; init; }

    public MatchingRule Matching { get; init; } = MatchingRule.Default;

    /// <summary>Within how many days the organisation decides, 1 to 90; null where it said nothing.</summary>
    public int? DecideWithinDays { get; init; }

    /// <summary>The stream of an organisation's rules: UUIDv5 in the organisation's own namespace.</summary>
    public static Guid IdOf(Guid organisation) => Uuid.V5(organisation, "confirmation-rules");

    public static ConfirmationRules Create(ConfirmationRulesSet e) => new ConfirmationRules { OrganisationId = e.OrganisationId }.Apply(e);

    public ConfirmationRules Apply(ConfirmationRulesSet e) =>
        this with { Points = e.Points, DecideWithinDays = e.DecideWithinDays, Matching = e.Matching ?? MatchingRule.Default };
}
