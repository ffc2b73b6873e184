using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Verification.Reviews;

/// <summary>What the administrator decides on a reported review.</summary>
public enum ReviewVerdict
{
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>From now on only its author sees it, with the reason.</summary>
    [JsonStringEnumMemberName("hide")]
    Hide,
}

/// <summary>After a confirmed entry one side reviewed the other.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="CaseId">The case of the confirmation.</param>
/// <param name="VolunteerId">The volunteer.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Side">Who wrote it.</param>
/// <param name="Rating">1 to 5.</param>
/// <param name="Text">What was written.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Recommendation">The organisation recommends the volunteer.</param>
public sealed record ReviewGiven(
    Guid EntryId, Guid CaseId, Guid VolunteerId, Guid OrganisationId, ReviewSide Side, int Rating, string Text, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Recommendation = false);

/// <summary>The author wrote it anew.</summary>
/// <param name="Text">What it says now.</param>
/// <param name="At">When, UTC.</param>
public sealed record ReviewChanged(string Text, DateTimeOffset At);

/// <summary>The author took it back.</summary>
/// <param name="At">When, UTC.</param>
public sealed record ReviewWithdrawn(DateTimeOffset At);

/// <summary>The reviewed side answered.</summary>
/// <param name="Text">What it wrote.</param>
/// <param name="At">When, UTC.</param>
public sealed record ReviewAnswered(string Text, DateTimeOffset At);

/// <summary>A reader says that it should not be shown.</summary>
/// <param name="Reason">Why, for the administrator to read.</param>
/// <param name="At">When, UTC.</param>
public sealed record ReviewReported(string Reason, DateTimeOffset At);

/// <summary>The administrator decided on the reports.</summary>
/// <param name="Verdict">What was decided.</param>
/// <param name="Reason">Why, for the author to read.</param>
/// <param name="At">When, UTC.</param>
public sealed record ReviewSettled(ReviewVerdict Verdict, string Reason, DateTimeOffset At);

/// <summary>The confirmation after which it was written no longer stands. The review stays.</summary>
/// <param name="At">When, UTC.</param>
public sealed record ReviewedConfirmationRevoked(DateTimeOffset At);
