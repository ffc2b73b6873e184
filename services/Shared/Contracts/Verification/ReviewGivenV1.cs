using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Verification;

/// <summary>After a confirmed entry one side reviewed the other. What was written stays in Verification: it is free text.</summary>
/// <param name="ReviewId">The review.</param>
/// <param name="EntryId">The confirmed entry.</param>
/// <param name="CaseId">The case of the confirmation.</param>
/// <param name="VolunteerId">The volunteer.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Side">Who wrote it.</param>
/// <param name="Rating">1 to 5.</param>
/// <param name="At">When, UTC.</param>
public sealed record ReviewGivenV1(
    Guid ReviewId, Guid EntryId, Guid CaseId, Guid VolunteerId, Guid OrganisationId, ReviewSide Side, int Rating, DateTimeOffset At);
