using System.Collections.Frozen;

namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>How much was done (F41), beside how long it took: 40 trees, 120 meals.</summary>
/// <param name="Amount">Whole units, 1 to 1,000,000.</param>
/// <param name="Unit">Code of a unit, see <see cref="VolumeUnits"/>.</param>
public sealed record Volume(int Amount, string Unit)
{
    public const int MostAmount = 1_000_000;
}

/// <summary>A unit in which work of some kinds is measured.</summary>
/// <param name="Code">Stable code, e.g. <c>trees</c>.</param>
/// <param name="Russian">Short name in Russian, as it stands behind a number.</param>
/// <param name="English">Short name in English.</param>
/// <param name="Sections">Letters of the ICNP/TSO sections whose work it measures; empty for all.</param>
public sealed record VolumeUnit(string Code, string Russian, string English, string Sections)
{
    /// <summary>Whether work of this type is measured so.</summary>
    public bool Measures(string taskType) => Sections.Length == 0 || (taskType.Length > 0 && Sections.Contains(taskType[0], StringComparison.Ordinal));
}

/// <summary>The units by code. Amounts are whole, so each unit is as fine as the work needs: kilograms, not tonnes.</summary>
public static class VolumeUnits
{
    public static IReadOnlyList<VolumeUnit> All { get; } =
    [
        new("people", "чел.", "people", ""),
        new("events", "мероприятий", "events", ""),
        new("items", "шт.", "items", ""),
        new("lessons", "занятий", "lessons", "ABCD"),
        new("consultations", "консультаций", "consultations", "BCDFGK"),
        new("pages", "страниц", "pages", "ABGK"),
        new("visits", "посещений", "visits", "CDI"),
        new("calls", "звонков", "calls", "CDG"),
        new("meals", "порций", "meals", "CDIL"),
        new("donations", "донаций", "donations", "C"),
        new("kilograms", "кг", "kg", "DEHL"),
        new("kilometres", "км", "km", "DEFL"),
        new("square-metres", "кв. м", "sq. m", "EFL"),
        new("trees", "деревьев", "trees", "EFL"),
        new("animals", "животных", "animals", "E"),
    ];

    private static readonly FrozenDictionary<string, VolumeUnit> ByCode = All.ToFrozenDictionary(unit => unit.Code, StringComparer.Ordinal);

    /// <summary>The unit with this code, written exactly so, or null.</summary>
    public static VolumeUnit? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);
}
