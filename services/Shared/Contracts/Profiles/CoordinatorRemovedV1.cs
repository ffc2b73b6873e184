namespace VolunteerBook.Contracts.Profiles;

/// <summary>A person no longer acts for an organisation, from this instant on.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="PersonId">The former coordinator.</param>
/// <param name="Version">The organisation's stream version: of two facts about an organisation the higher one is the later.</param>
/// <param name="At">When, UTC.</param>
public sealed record CoordinatorRemovedV1(Guid OrganisationId, Guid PersonId, long Version, DateTimeOffset At);
