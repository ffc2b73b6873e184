namespace VolunteerBook.Contracts.Verification;

/// <summary>A coordinator took a delegation back.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="DelegationId">The delegation.</param>
/// <param name="At">When, UTC.</param>
public sealed record DelegationWithdrawnV1(Guid OrganisationId, Guid DelegationId, DateTimeOffset At);
