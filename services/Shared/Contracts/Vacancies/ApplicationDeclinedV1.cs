namespace VolunteerBook.Contracts.Vacancies;

/// <summary>A coordinator declined an application, possibly one that had been accepted. The reason stays in Vacancies: it is free text.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="VolunteerId">Who applied.</param>
/// <param name="At">When, UTC.</param>
public sealed record ApplicationDeclinedV1(Guid ApplicationId, Guid VacancyId, Guid OrganisationId, Guid VolunteerId, DateTimeOffset At);
