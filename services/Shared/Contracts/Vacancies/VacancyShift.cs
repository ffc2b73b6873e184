using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Vacancies;

/// <summary>A shift that a vacancy offers.</summary>
/// <param name="Id">The shift, within all vacancies.</param>
/// <param name="Start">Local date and time without an offset.</param>
/// <param name="Zone">IANA time zone.</param>
/// <param name="Minutes">Planned length in whole minutes, 1 to 1440.</param>
/// <param name="Places">How many volunteers it takes, 1 to 1000.</param>
/// <param name="Later">Of a start that the clock shows twice: whether the later one is meant.</param>
public sealed record VacancyShift(
    Guid Id, DateTime Start, string Zone, int Minutes, int Places,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Later = false)
{
    /// <summary>The same as a piece of work in time, as it is planned.</summary>
    public Shift Planned() => new(Start, Zone, Minutes, Later);
}
