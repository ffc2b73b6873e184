namespace VolunteerBook.Contracts.Verification;

/// <summary>
/// A coordinator let another person work on the organisation's queue for a time. It holds while the coordinator's own right does.
/// Why stays in Verification: it is free text.
/// </summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="DelegationId">The delegation.</param>
/// <param name="By">The coordinator.</param>
/// <param name="PersonId">The deputy.</param>
/// <param name="From">First instant of the period, UTC.</param>
/// <param name="Until">First instant after the period, UTC.</param>
/// <param name="At">When, UTC.</param>
public sealed record QueueDelegatedV1(
    Guid OrganisationId, Guid DelegationId, Guid By, Guid PersonId, DateTimeOffset From, DateTimeOffset Until, DateTimeOffset At);
