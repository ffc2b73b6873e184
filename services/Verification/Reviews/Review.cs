using JasperFx.Events;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Reviews;

/// <summary>What the reviewed side answered.</summary>
/// <param name="Text">What it wrote.</param>
/// <param name="At">When, UTC.</param>
public sealed record ReviewAnswer(string Text, DateTimeOffset At);

/// <summary>Why a reader thinks that a review should not be shown.</summary>
/// <param name="By">The reader's subject.</param>
/// <param name="Reason">What the reader wrote.</param>
/// <param name="At">When, UTC.</param>
public sealed record ReviewReport(string? By, string Reason, DateTimeOffset At);

/// <summary>One side's word about the other after a confirmed entry (F14): one of each side.</summary>
public sealed record Review
{
    /// <summary>For how many days the author may write it anew.</summary>
    public const int ChangeableDays = 14;

    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public Guid EntryId { get; init; }

    public Guid CaseId { get; init; }

    public Guid VolunteerId { get; init; }

    public Guid OrganisationId { get; init; }

    public ReviewSide Side { get; init; }

    public int Rating { get; init; }

    public required string Text { get; init; }

    public bool Recommendation { get; init; }

    public DateTimeOffset GivenAt { get; init; }

    public DateTimeOffset? ChangedAt { get; init; }

    public DateTimeOffset? WithdrawnAt { get; init; }

    public ReviewAnswer? Answer { get; init; }

    public IReadOnlyList<ReviewReport> Reports { get; init; } = [];

    /// <summary>When the first of the reports came that the administrator has yet to decide on; null where there is none.</summary>
    public DateTimeOffset? ReportedAt { get; init; }

    /// <summary>What the administrator decided last.</summary>
    public ReviewSettled? Settlement { get; init; }

    /// <summary>When the confirmation ended after which it was written; null while it stands.</summary>
    public DateTimeOffset? ConfirmationRevokedAt { get; init; }

    public bool IsHidden => Settlement is { Verdict: ReviewVerdict.Hide };

    /// <summary>Whether others than its author see it.</summary>
    public bool IsShown => WithdrawnAt is null && !IsHidden;

    /// <summary>The review of a side of an entry: UUIDv5 in the entry's own namespace, so that there is one.</summary>
    public static Guid IdOf(Guid entry, ReviewSide side) => Uuid.V5(entry, side == ReviewSide.Volunteer ? "review/volunteer" : "review/organisation");

    public static Review Create(ReviewGiven e) => new()
    {
        EntryId = e.EntryId,
        CaseId = e.CaseId,
        VolunteerId = e.VolunteerId,
        OrganisationId = e.OrganisationId,
        Side = e.Side,
        Rating = e.Rating,
        Text = e.Text,
        Recommendation = e.Recommendation,
        GivenAt = e.At,
    };

    public Review Apply(ReviewChanged e) => this with { Text = e.Text, ChangedAt = e.At };

    public Review Apply(ReviewWithdrawn e) => this with { WithdrawnAt = e.At, ReportedAt = null };

    public Review Apply(ReviewAnswered e) => this with { Answer = new ReviewAnswer(e.Text, e.At) };

    public Review Apply(IEvent<ReviewReported> e) => this with
    {
        Reports = [.. Reports, new ReviewReport(e.UserName, e.Data.Reason, e.Data.At)],
        ReportedAt = ReportedAt ?? e.Data.At,
    };

    public Review Apply(ReviewSettled e) => this with { Settlement = e, ReportedAt = null };

    public Review Apply(ReviewedConfirmationRevoked e) => this with { ConfirmationRevokedAt = e.At };
}

/// <summary>How a caller stands to a review.</summary>
/// <param name="IsAuthor">The volunteer who wrote it, or an appointed coordinator of the organisation that did.</param>
/// <param name="IsReviewed">Of the other side.</param>
public sealed record Standing(bool IsAuthor, bool IsReviewed)
{
    public static Standing Of(Review review, Organisation? organisation, Guid caller, DateTimeOffset now)
    {
        var (volunteer, coordinator) = (review.VolunteerId == caller, organisation?.IsAppointed(caller, now) == true);
        return review.Side == ReviewSide.Volunteer ? new Standing(volunteer, coordinator && !volunteer) : new Standing(coordinator, volunteer && !coordinator);
    }

    /// <summary>
    /// A volunteer's review of an organisation is for everyone, an organisation's of a volunteer for these two; a hidden or withdrawn one for its author.
    /// </summary>
    public bool MaySee(Review review) => IsAuthor || (review.IsShown && (IsReviewed || review.Side == ReviewSide.Volunteer));
}
