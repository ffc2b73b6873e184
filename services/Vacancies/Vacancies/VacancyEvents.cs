using VolunteerBook.Contracts.Vacancies;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>An organisation looks for volunteers.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Title">Public title, at most 200 characters.</param>
/// <param name="Description">Public description, at most 4000 characters.</param>
/// <param name="TaskType">ICNP/TSO code.</param>
/// <param name="Region">ISO 3166-2 code of where the work is done.</param>
/// <param name="Shifts">1 to 100 shifts.</param>
/// <param name="At">When, UTC.</param>
public sealed record VacancyPublished(
    Guid OrganisationId, string Title, string Description, string TaskType, string Region, IReadOnlyList<VacancyShift> Shifts, DateTimeOffset At);

/// <summary>The organisation takes no more applications to a vacancy.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Reason">Why, in the organisation's words; shown with the vacancy.</param>
/// <param name="At">When, UTC.</param>
public sealed record VacancyClosed(Guid OrganisationId, string? Reason, DateTimeOffset At);

/// <summary>
/// An accepted application holds a place in each of these shifts. The vacancy's own stream keeps the places, because only there one sees at once how many are
/// taken: an application's stream knows nothing of the others.
/// </summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="ShiftIds">The shifts.</param>
/// <param name="At">When, UTC.</param>
public sealed record PlacesTaken(Guid ApplicationId, IReadOnlyList<Guid> ShiftIds, DateTimeOffset At);

/// <summary>An application that was accepted gave its places back.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="At">When, UTC.</param>
public sealed record PlacesFreed(Guid ApplicationId, DateTimeOffset At);
