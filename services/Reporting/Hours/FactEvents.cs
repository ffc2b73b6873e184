using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Reporting.Hours;

/// <summary>Hours wait for an organisation's decision.</summary>
/// <param name="Revision">Which submission of the entry, from 1.</param>
/// <param name="VolunteerId">Who worked.</param>
/// <param name="Facts">What is said to have been done.</param>
/// <param name="At">When it was submitted, UTC.</param>
public sealed record HoursSubmitted(int Revision, Guid VolunteerId, EntryFacts Facts, DateTimeOffset At);

/// <summary>The volunteer took the hours back.</summary>
/// <param name="Revision">The submission that was taken back.</param>
/// <param name="VolunteerId">Who worked.</param>
/// <param name="At">When, UTC.</param>
public sealed record HoursWithdrawn(int Revision, Guid VolunteerId, DateTimeOffset At);

/// <summary>The organisation rejected the hours or returned them for changes.</summary>
/// <param name="Revision">The submission that was decided.</param>
/// <param name="VolunteerId">Who worked.</param>
/// <param name="Returned">True where changes are asked for.</param>
/// <param name="At">When, UTC.</param>
public sealed record HoursDeclined(int Revision, Guid VolunteerId, bool Returned, DateTimeOffset At);

/// <summary>The organisation confirmed the hours: they count.</summary>
/// <param name="Revision">The submission that was decided.</param>
/// <param name="VolunteerId">Who worked.</param>
/// <param name="Facts">What was confirmed.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Grade">How well it is evidenced; null stands for signed.</param>
public sealed record HoursConfirmed(
    int Revision,
    Guid VolunteerId,
    EntryFacts Facts,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EvidenceGrade? Grade = null);

/// <summary>The organisation took its confirmation back: the hours no longer count.</summary>
/// <param name="Revision">The submission whose confirmation was taken back.</param>
/// <param name="VolunteerId">Who worked.</param>
/// <param name="At">When, UTC.</param>
public sealed record HoursRevoked(int Revision, Guid VolunteerId, DateTimeOffset At);
