using System.Collections.Frozen;

namespace VolunteerBook.Contracts.Vocabulary;

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
