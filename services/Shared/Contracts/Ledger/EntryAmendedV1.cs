namespace VolunteerBook.Contracts.Ledger;

/// <summary>A volunteer asks the organisation to change a confirmed entry. What is confirmed stands until this is decided.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">Which submission of the entry this is; decisions name it.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What is to be confirmed instead.</param>
/// <param name="StandingRevision">The submission whose confirmation stands meanwhile.</param>
/// <param name="Standing">What that one confirmed.</param>
/// <param name="At">When it was asked, UTC.</param>
public sealed record EntryAmendedV1(
    Guid EntryId, int Revision, Guid VolunteerId, EntryFacts Facts, int StandingRevision, EntryFacts Standing, DateTimeOffset At);
