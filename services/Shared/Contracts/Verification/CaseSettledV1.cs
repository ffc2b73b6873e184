using VolunteerBook.Contracts.Ledger;

namespace VolunteerBook.Contracts.Verification;

/// <summary>The administrator settled a dispute in the volunteer's favour: the entry counts as confirmed, without the organisation's signature.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="EntryId">The entry it is about.</param>
/// <param name="Revision">The submission of the entry that was disputed.</param>
/// <param name="Facts">What counts as confirmed.</param>
/// <param name="Points">The points that it brings.</param>
/// <param name="At">When, UTC.</param>
public sealed record CaseSettledV1(Guid CaseId, Guid EntryId, int Revision, EntryFacts Facts, int Points, DateTimeOffset At);
