namespace VolunteerBook.Contracts.Vacancies;

/// <summary>An organisation looks for volunteers.</summary>
/// <param name="VacancyId">The vacancy.</param>
/// <param name="OrganisationId">The organisation that published it.</param>
/// <param name="Title">Its public title, at most 200 characters.</param>
/// <param name="TaskType">ICNP/TSO code, see <see cref="Vocabulary.TaskTypes"/>.</param>
/// <param name="Region">ISO 3166-2 code of where the work is done, see <see cref="Vocabulary.Regions"/>.</param>
/// <param name="Shifts">One shift or more.</param>
/// <param name="At">When it was published, UTC.</param>
public sealed record VacancyPublishedV1(
    Guid VacancyId, Guid OrganisationId, string Title, string TaskType, string Region, IReadOnlyList<VacancyShift> Shifts, DateTimeOffset At);
