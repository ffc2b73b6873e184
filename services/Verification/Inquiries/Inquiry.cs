using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Cases;

namespace VolunteerBook.Verification.Inquiries;

/// <summary>A question to somebody who was there and has no account: whether a case is true. It can be answered once.</summary>
public sealed record Inquiry
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public Guid CaseId { get; init; }

    public Guid OrganisationId { get; init; }

    public DateTimeOffset Until { get; init; }

    public DateTimeOffset At { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public bool Confirms { get; init; }

    public string? Reason { get; init; }

    public static Inquiry Create(InquiryMade e) => new() { CaseId = e.CaseId, OrganisationId = e.OrganisationId, Until = e.Until, At = e.At };

    public Inquiry Apply(InquiryAnswered e) => this with { AnsweredAt = e.At, Confirms = e.Confirms, Reason = e.Reason };

    /// <summary>Why it cannot be answered any more; null while it can.</summary>
    public Refusal? Closed(Case found, DateTimeOffset now) =>
        AnsweredAt is not null ? new Refusal("inquiry-answered", StatusCodes.Status410Gone, "This has already been answered; the link can be used only once.")
        : now >= Until ? new Refusal("inquiry-ended", StatusCodes.Status410Gone, "The time to answer is over.")
        : found.Status != CaseStatus.Open ? CoordinatorsCase.NotOpen
        : null;
}
