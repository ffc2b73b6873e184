using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>
/// A person who works on an organisation's queue in the place of a coordinator, as Verification told. Its id is the
/// delegation's; one that was withdrawn is not kept.
/// </summary>
/// <param name="Id">The delegation.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="By">The coordinator.</param>
/// <param name="PersonId">The deputy.</param>
/// <param name="From">First instant of the period, UTC.</param>
/// <param name="Until">First instant after the period, UTC.</param>
/// <param name="At">When it was delegated, UTC.</param>
public sealed record Deputy(Guid Id, Guid OrganisationId, Guid By, Guid PersonId, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset At)
{
    /// <summary>
    /// Whether the person is a deputy by it at this instant. The coordinator must have been one without a break since;
    /// Verification forgets a delegation after a break.
    /// </summary>
    public bool IsInForce(Organisation organisation, DateTimeOffset now) =>
        organisation.CoordinatedWithoutBreakSince.GetValueOrDefault(By) <= At
        && organisation.Appointments.InThePlaceOf([new Deputising(By, PersonId, From, Until)], PersonId, now).Count > 0;
}
