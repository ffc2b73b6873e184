using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Verification.Delegations;

/// <summary>A coordinator let another person work on the organisation's queue for a time (N9).</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="DelegationId">The delegation.</param>
/// <param name="By">The coordinator.</param>
/// <param name="PersonId">The deputy.</param>
/// <param name="From">First instant of the period, UTC.</param>
/// <param name="Until">First instant after the period, UTC.</param>
/// <param name="Reason">Why, for the organisation's coordinators and the deputy to read; null where nothing was said.</param>
/// <param name="At">When, UTC.</param>
public sealed record QueueDelegated(
    Guid OrganisationId, Guid DelegationId, Guid By, Guid PersonId, DateTimeOffset From, DateTimeOffset Until, string? Reason, DateTimeOffset At);

/// <summary>A coordinator took a delegation back.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="DelegationId">The delegation.</param>
/// <param name="At">When, UTC.</param>
public sealed record DelegationWithdrawn(Guid OrganisationId, Guid DelegationId, DateTimeOffset At);

/// <summary>
/// A person works on an organisation's queue in the place of a coordinator, who may decide meanwhile too. It ends with its period, when it is
/// withdrawn, and with the coordinator's own right.
/// </summary>
public sealed record Delegation(Guid Id, Guid By, Guid PersonId, DateTimeOffset From, DateTimeOffset Until, string? Reason, DateTimeOffset At)
{
    /// <summary>The longest period in days.</summary>
    public const int MostDays = 90;

    internal Deputising Deputising => new(By, PersonId, From, Until);
}
