namespace VolunteerBook.Contracts.Profiles;

/// <summary>Somebody became a volunteer.</summary>
/// <param name="VolunteerId">The person's id: the subject of their tokens.</param>
/// <param name="Region">ISO 3166-2 code of the region they live in.</param>
/// <param name="At">When, UTC.</param>
public sealed record VolunteerRegisteredV1(Guid VolunteerId, string Region, DateTimeOffset At);
