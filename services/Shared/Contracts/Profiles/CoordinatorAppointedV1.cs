namespace VolunteerBook.Contracts.Profiles;

/// <summary>A person may act for an organisation for a period. Appointing again replaces the period.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="PersonId">The coordinator: the subject of their tokens.</param>
/// <param name="From">First instant of the period, UTC.</param>
/// <param name="Until">First instant after the period, UTC; null while it has no end.</param>
/// <param name="Version">The organisation's stream version: of two facts about an organisation the higher one is the later.</param>
/// <param name="At">When this was recorded, UTC.</param>
public sealed record CoordinatorAppointedV1(
    Guid OrganisationId, Guid PersonId, DateTimeOffset From, DateTimeOffset? Until, long Version, DateTimeOffset At);
