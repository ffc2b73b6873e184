namespace VolunteerBook.Contracts.Verification;

/// <summary>
/// Somebody whom an organisation had asked by mail about a case answered. Who that is, and what they wrote, stays in Verification.
/// </summary>
/// <param name="InquiryId">The inquiry.</param>
/// <param name="CaseId">The case.</param>
/// <param name="OrganisationId">The organisation that asked.</param>
/// <param name="Confirms">Whether they confirm; then the case is confirmed by it.</param>
/// <param name="At">When, UTC.</param>
public sealed record InquiryAnsweredV1(Guid InquiryId, Guid CaseId, Guid OrganisationId, bool Confirms, DateTimeOffset At);
