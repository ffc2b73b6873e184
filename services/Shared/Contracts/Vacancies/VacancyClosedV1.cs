namespace VolunteerBook.Contracts.Vacancies;

/// <summary>A vacancy takes no more applications. Those it has are still decided and worked. The reason stays in Vacancies: it is free text.</summary>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="At">When, UTC.</param>
public sealed record VacancyClosedV1(Guid VacancyId, Guid OrganisationId, DateTimeOffset At);
