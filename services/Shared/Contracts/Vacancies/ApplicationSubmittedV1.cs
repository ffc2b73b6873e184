namespace VolunteerBook.Contracts.Vacancies;

/// <summary>A volunteer applied to a vacancy, and so became known to its organisation.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="VolunteerId">Who applied.</param>
/// <param name="At">When, UTC.</param>
public sealed record ApplicationSubmittedV1(Guid ApplicationId, Guid VacancyId, Guid OrganisationId, Guid VolunteerId, DateTimeOffset At);
