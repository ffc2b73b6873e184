namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>
/// Who coordinates an organisation at a moment: those who are appointed and, for the work on its queue, their deputies. The one rule: each service keeps what
/// it was told of an organisation, and asks here. Of a person there is at most one appointment, the latest.
/// </summary>
public static class CoordinatorsNow
{
    /// <summary>Whether the person is a coordinator at this moment by appointment.</summary>
    public static bool IsAppointed(this IEnumerable<Appointment> appointments, Guid person, DateTimeOffset now) =>
        appointments.Any(appointment => appointment.PersonId == person && appointment.IsInForce(now));

    /// <summary>
    /// The coordinators whose deputy the person is at this moment, each being one still; none for somebody who is a coordinator by appointment.
    /// </summary>
    public static IReadOnlyList<Guid> InThePlaceOf(
        this IReadOnlyCollection<Appointment> appointments, IEnumerable<Deputising> deputies, Guid person, DateTimeOffset now) =>
        appointments.IsAppointed(person, now)
            ? []
            : [.. deputies.Where(deputy => deputy.PersonId == person && deputy.IsInForce(now) && appointments.IsAppointed(deputy.By, now))
                .Select(deputy => deputy.By).Distinct()];
}
