using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Ledger;

namespace VolunteerBook.Verification.Disputes;

/// <summary>Who speaks in a dispute.</summary>
public enum DisputeSide
{
    [JsonStringEnumMemberName("volunteer")]
    Volunteer,

    [JsonStringEnumMemberName("organisation")]
    Organisation,

    /// <summary>The portal's administrator, who settles it.</summary>
    [JsonStringEnumMemberName("administrator")]
    Administrator,
}

/// <summary>What was said.</summary>
/// <param name="Side">By which side.</param>
/// <param name="By">The subject of who said it.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Text">The words.</param>
public sealed record DisputeMessage(DisputeSide Side, string? By, DateTimeOffset At, string Text);

/// <summary>How the administrator settled it.</summary>
/// <param name="Facts">What counts as confirmed; null where the organisation's decision stands.</param>
/// <param name="Points">The points that it brings.</param>
/// <param name="Reason">Why, for both sides to read.</param>
/// <param name="By">The subject of who settled it.</param>
/// <param name="At">When, UTC.</param>
public sealed record Settlement(EntryFacts? Facts, int Points, string Reason, string? By, DateTimeOffset At);

/// <summary>A volunteer does not agree with what the organisation decided.</summary>
/// <param name="OpenedAt">Since when, UTC.</param>
/// <param name="Messages">What both sides and the administrator said, in order.</param>
/// <param name="Settlement">How it was settled; null while it waits.</param>
public sealed record Dispute(DateTimeOffset OpenedAt, IReadOnlyList<DisputeMessage> Messages, Settlement? Settlement);

/// <summary>The volunteer agreed to less than was submitted.</summary>
/// <param name="At">When, UTC.</param>
public sealed record PartAccepted(DateTimeOffset At);

/// <summary>The volunteer disputes what the organisation decided.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Text">Why.</param>
/// <param name="At">When, UTC.</param>
public sealed record CaseDisputed(Guid EntryId, int Revision, Guid OrganisationId, string Text, DateTimeOffset At);

/// <summary>Somebody spoke in a dispute.</summary>
/// <param name="Side">On which side.</param>
/// <param name="Text">The words.</param>
/// <param name="At">When, UTC.</param>
public sealed record DisputeAnswered(DisputeSide Side, string Text, DateTimeOffset At);

/// <summary>The administrator settled the dispute.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Reason">Why, for both sides to read.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Facts">What counts as confirmed from now on; null where the organisation's decision stands.</param>
/// <param name="Points">The points that it brings.</param>
public sealed record DisputeSettled(
    Guid EntryId, int Revision, Guid OrganisationId, string Reason, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EntryFacts? Facts = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Points = 0);
