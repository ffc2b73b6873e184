using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Ledger.Entries;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>What of a book an extract holds (N6).</summary>
/// <param name="From">First day of the work by the shifts' own clocks; null for all.</param>
/// <param name="To">Last day.</param>
/// <param name="OrganisationId">Only the work with one organisation.</param>
/// <param name="TotalsOnly">Sums without the entries.</param>
/// <param name="EntryId">One entry alone: a certificate of hours (F33).</param>
/// <param name="WithClaimed">Whether what nobody has confirmed is told too, apart from what is confirmed.</param>
public sealed record ExtractScope(
    DateOnly? From = null, DateOnly? To = null, Guid? OrganisationId = null, bool TotalsOnly = false, Guid? EntryId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool WithClaimed = false)
{
    /// <summary>The days of the work.</summary>
    [JsonIgnore]
    public Period Period => new(From, To);
}

/// <summary>A confirmation that an issued document speaks of.</summary>
public sealed record HeldConfirmation(Guid EntryId, int Revision);

/// <summary>An extract was issued. The file lies in <c>extract_files</c>, for it names the holder; here is nothing that does.</summary>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Number">The number on it: who knows it may ask whether it stands.</param>
/// <param name="Language"><c>ru</c> or <c>en</c>.</param>
/// <param name="Scope">What of the book.</param>
/// <param name="AsOf">The moment as of which it tells the book, UTC.</param>
/// <param name="Grades">Confirmed minutes by how well they are evidenced; in extracts of earlier versions what was only claimed, too.</param>
/// <param name="Points">Points.</param>
/// <param name="Entries">How many entries were added up.</param>
/// <param name="Holds">The confirmations it speaks of.</param>
/// <param name="Sha256">Of the signed file, hexadecimal.</param>
/// <param name="StatusIndex">Its credential's place in the status list.</param>
/// <param name="At">When, UTC.</param>
public sealed record ExtractIssued(
    Guid VolunteerId, string Number, string Language, ExtractScope Scope, DateTimeOffset AsOf, GradedMinutes Grades, int Points, int Entries,
    IReadOnlyList<HeldConfirmation> Holds, string Sha256, int StatusIndex, DateTimeOffset At);

/// <summary>
/// A certificate of a confirmed entry was issued by itself, with the confirmation (F31, F33). Its pages are made when the volunteer
/// asks for them: only then is a name at hand.
/// </summary>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission that was confirmed.</param>
/// <param name="Number">The number on it.</param>
/// <param name="StatusIndex">Its credential's place in the status list.</param>
/// <param name="At">When, UTC.</param>
public sealed record CertificateIssued(Guid VolunteerId, Guid EntryId, int Revision, string Number, int StatusIndex, DateTimeOffset At);

/// <summary>The confirmation that a certificate speaks of no longer stands.</summary>
/// <param name="Superseded">True where a later confirmation took its place, false where it was revoked.</param>
/// <param name="At">When, UTC.</param>
public sealed record CertificateRevoked(bool Superseded, DateTimeOffset At);
