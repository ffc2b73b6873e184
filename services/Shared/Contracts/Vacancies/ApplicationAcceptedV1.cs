namespace VolunteerBook.Contracts.Vacancies;

/// <summary>A coordinator accepted an application: the volunteer has a place in each of its shifts.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="VolunteerId">Who applied.</param>
/// <param name="ShiftIds">The shifts, as in <see cref="VacancyShift.Id"/>.</param>
/// <param name="At">When, UTC.</param>
public sealed record ApplicationAcceptedV1(
    Guid ApplicationId, Guid VacancyId, Guid OrganisationId, Guid VolunteerId, IReadOnlyList<Guid> ShiftIds, DateTimeOffset At);
