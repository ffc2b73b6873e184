namespace VolunteerBook.Contracts.Profiles;

/// <summary>
/// The administrator let an organisation receive volunteers, or corrected the name or the region of one that does: the latest one says what it is called now.
/// </summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Name">Its name: public, as in the state register.</param>
/// <param name="Region">ISO 3166-2 code of its region.</param>
/// <param name="Version">The organisation's stream version: of two facts about an organisation the higher one is the later.</param>
/// <param name="At">When, UTC.</param>
public sealed record OrganisationApprovedV1(Guid OrganisationId, string Name, string Region, long Version, DateTimeOffset At);
