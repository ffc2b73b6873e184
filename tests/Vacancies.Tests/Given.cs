using System.Globalization;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.EventSourcing;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Organisations;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Tests;

/// <summary>What decisions are made on: a vacancy of three shifts (one over, one under way, one to come) and an application to it.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Now = new(2026, 5, 20, 12, 0, 0, TimeSpan.Zero);
    public static readonly Guid Organisation = Guid.CreateVersion7();
    public static readonly Guid Volunteer = Guid.CreateVersion7();
    public static readonly Guid VacancyId = Guid.CreateVersion7();
    public static readonly Guid Over = Guid.CreateVersion7();
    public static readonly Guid UnderWay = Guid.CreateVersion7();
    public static readonly Guid ToCome = Guid.CreateVersion7();

    public static DateTime At(string local) => DateTime.Parse(local, CultureInfo.InvariantCulture);

    public static Coordination AnOrganisation() => Coordination.Create(new OrganisationApproved("Забота рядом", 2, Now)) with { Id = Organisation };

    public static OfferedShift AnOffer(string start = "2026-05-21T10:00:00", string zone = "Europe/Moscow", int minutes = 240, int places = 5) =>
        new(At(start), zone, minutes, places);

    public static PublishVacancy ACall(params OfferedShift[] shifts) =>
        new(Organisation, "Субботник в парке", "Перчатки дадим.", "E12", "RU-MOW", shifts.Length == 0 ? [AnOffer()] : shifts);

    public static Vacancy AVacancy(int places = 2) => Vacancy.Create(new VacancyPublished(
        Organisation, "Субботник в парке", "Перчатки дадим.", "E12", "RU-MOW",
        [
            new VacancyShift(Over, At("2026-05-19T10:00:00"), "Europe/Moscow", 240, places),
            // 13:00 in Moscow is 10:00 UTC: it began two hours before now.
            new VacancyShift(UnderWay, At("2026-05-20T13:00:00"), "Europe/Moscow", 240, places),
            new VacancyShift(ToCome, At("2026-05-21T10:00:00"), "Europe/Moscow", 240, places),
        ],
        Now.AddDays(-7))) with
    { Id = VacancyId };

    public static Vacancy AClosedVacancy() => AVacancy().Apply(new VacancyClosed(Organisation, null, Now));

    public static Application AnApplication(ApplicationStatus status = ApplicationStatus.Submitted, params Guid[] shifts)
    {
        IReadOnlyList<Guid> applied = shifts.Length == 0 ? [UnderWay, ToCome] : shifts;
        var submitted = Application.Create(new ApplicationSubmitted(VacancyId, Organisation, Volunteer, applied, "слова", Now.AddDays(-1))) with
        {
            Id = Application.IdOf(VacancyId, Volunteer),
        };
        return status switch
        {
            ApplicationStatus.Accepted => submitted.Apply(new ApplicationAccepted(VacancyId, Organisation, Volunteer, applied, Now)),
            ApplicationStatus.Declined => submitted.Apply(new ApplicationDeclined(VacancyId, Organisation, Volunteer, "мест нет", Now)),
            ApplicationStatus.Withdrawn => submitted.Apply(new ApplicationWithdrawn(VacancyId, Organisation, Volunteer, Now)),
            _ => submitted,
        };
    }

    /// <summary>The vacancy after the events of a decision that are of its own stream.</summary>
    public static Vacancy After(this Vacancy vacancy, Decision decision) => decision.Events.Aggregate(vacancy, (state, e) => e switch
    {
        VacancyClosed closed => state.Apply(closed),
        PlacesTaken taken => state.Apply(taken),
        PlacesFreed freed => state.Apply(freed),
        _ => state,
    });

    /// <summary>The application after the events of a decision that are of its own stream.</summary>
    public static Application After(this Application? application, Guid id, Decision decision) => decision.Events.Aggregate(application, (state, e) => e switch
    {
        ApplicationSubmitted submitted => state is null ? Application.Create(submitted) with { Id = id } : state.Apply(submitted),
        ApplicationAccepted accepted => state!.Apply(accepted),
        ApplicationDeclined declined => state!.Apply(declined),
        ApplicationWithdrawn withdrawn => state!.Apply(withdrawn),
        AttendanceRecorded attended => state!.Apply(attended),
        _ => state,
    })!;
}
