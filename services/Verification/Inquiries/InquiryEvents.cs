using System.Text.Json.Serialization;

namespace VolunteerBook.Verification.Inquiries;

/// <summary>The organisation asked somebody who was there to confirm a case. Who that is lies in <c>case_inquiries</c>; here is nothing that says it.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="OrganisationId">The organisation that asks.</param>
/// <param name="Until">When the link ends, UTC.</param>
/// <param name="At">When, UTC.</param>
public sealed record InquiryMade(Guid CaseId, Guid OrganisationId, DateTimeOffset Until, DateTimeOffset At);

/// <summary>Who was asked answered, once.</summary>
/// <param name="Confirms">Whether they confirm.</param>
/// <param name="Reason">Why not, for the organisation to read.</param>
/// <param name="At">When, UTC.</param>
/// <param name="CaseId">The case; null in events of before this was kept.</param>
/// <param name="OrganisationId">The organisation that asked; likewise.</param>
public sealed record InquiryAnswered(
    bool Confirms, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? CaseId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganisationId = null);
