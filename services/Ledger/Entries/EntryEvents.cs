using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Entries;

/// <summary>A document that supports an entry: where to look, not the document itself.</summary>
/// <param name="Title">What it is, a line of at most 200 characters: «Благодарственное письмо».</param>
/// <param name="Number">Its number, a line of at most 100 characters.</param>
/// <param name="Date">Its date.</param>
/// <param name="Uri">Where it lies, an absolute https address of at most 500 characters.</param>
public sealed record DocumentReference(string Title, string? Number = null, DateOnly? Date = null, string? Uri = null);

/// <summary>Where a paper volunteer book records the work.</summary>
/// <param name="Number">Number of the paper book, a line of at most 100 characters.</param>
/// <param name="IssuedBy">Who issued it, a line of at most 200 characters.</param>
/// <param name="Page">Page of the record.</param>
public sealed record PaperRecord(string Number, string IssuedBy, int? Page = null);

/// <summary>An entry was put into a book, as a draft.</summary>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Source">Who said so first.</param>
/// <param name="Facts">What was done.</param>
/// <param name="Description">
/// The volunteer's own words, at most 4000 characters; in no message and in no feed. Who decides on a submission reads them from here.
/// </param>
/// <param name="At">When it was logged, UTC.</param>
/// <param name="Documents">What supports it; as the words.</param>
/// <param name="Paper">The record in a paper book that it was taken from; never leaves the ledger.</param>
public sealed record EntryLogged(
    Guid VolunteerId, EntrySource Source, EntryFacts Facts, string? Description, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DocumentReference>? Documents = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] PaperRecord? Paper = null);

/// <summary>The volunteer changed an entry that was not confirmed.</summary>
/// <param name="Facts">What was done, as it is said now.</param>
/// <param name="Description">The volunteer's own words.</param>
/// <param name="Reason">Why it was changed.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Documents">What supports it.</param>
public sealed record EntryCorrected(
    EntryFacts Facts, string? Description, string Reason, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DocumentReference>? Documents = null);

/// <summary>The volunteer asked the organisation to confirm.</summary>
/// <param name="Revision">Which submission of this entry, from 1.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What is to be confirmed.</param>
/// <param name="At">When, UTC.</param>
/// <param name="WordsShown">
/// The volunteer was told that who decides reads the words and documents; before, that only they themselves do, and so it stays.
/// </param>
public sealed record EntrySubmitted(
    int Revision, Guid VolunteerId, EntryFacts Facts, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool WordsShown = false);

/// <summary>The volunteer took the entry back.</summary>
/// <param name="Revision">The submission that waited for a decision, 0 where none did.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="OrganisationId">The organisation that had been asked.</param>
/// <param name="Reason">Why, in the volunteer's words.</param>
/// <param name="At">When, UTC.</param>
public sealed record EntryWithdrawn(int Revision, Guid VolunteerId, Guid OrganisationId, string? Reason, DateTimeOffset At);

/// <summary>The organisation confirmed a submission: it is what the entry says from now on, in the place of an earlier confirmation.</summary>
/// <param name="Revision">The submission.</param>
/// <param name="CaseId">The case that was decided.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What was confirmed; it can be less than was submitted.</param>
/// <param name="At">When the book took it over, UTC.</param>
/// <param name="Grade">How well it is evidenced; null stands for signed.</param>
/// <param name="Kid">The key that signed.</param>
/// <param name="Signature">The compact JWS, or the detached CMS in base64, over the statement, or over a list's.</param>
/// <param name="Points">Points that the organisation gave.</param>
/// <param name="Key">The public key that <paramref name="Kid"/> names; null where the signature is a CMS, which holds its certificate itself.</param>
/// <param name="Lines">Where a list was signed as a whole: the lines of it that are about this entry.</param>
/// <param name="Statement">What was signed, where the signature is a CMS; null where it holds that itself.</param>
/// <param name="ClaimedMinutes">What was submitted, minutes, where it is more than was confirmed.</param>
public sealed record EntryConfirmed(
    int Revision, Guid CaseId, Guid VolunteerId, EntryFacts Facts, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EvidenceGrade? Grade = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kid = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Signature = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Points = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SigningJwk? Key = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SignedLine>? Lines = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Statement = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ClaimedMinutes = null);

/// <summary>A submission was found in a signed attendance sheet of its organisation, which nobody has confirmed it by yet (F11).</summary>
/// <param name="Revision">The submission.</param>
/// <param name="CaseId">Its case.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="At">When the book took it over, UTC.</param>
public sealed record EntryMatched(int Revision, Guid CaseId, Guid VolunteerId, DateTimeOffset At);

/// <summary>The organisation refused to confirm a submission.</summary>
/// <param name="Revision">The submission.</param>
/// <param name="CaseId">The case that holds the reason.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="At">When the book took it over, UTC.</param>
/// <param name="OrganisationId">The organisation that decided; null in events of before this was kept.</param>
/// <param name="Minutes">What was decided on, minutes; likewise.</param>
public sealed record EntryRejected(
    int Revision, Guid CaseId, Guid VolunteerId, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganisationId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Minutes = null);

/// <summary>The organisation asked for changes to a submission.</summary>
/// <param name="Revision">The submission.</param>
/// <param name="CaseId">The case that holds what is asked for.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="At">When the book took it over, UTC.</param>
/// <param name="OrganisationId">The organisation that decided; null in events of before this was kept.</param>
/// <param name="Minutes">What was decided on, minutes; likewise.</param>
public sealed record EntryReturned(
    int Revision, Guid CaseId, Guid VolunteerId, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganisationId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Minutes = null);

/// <summary>The volunteer asked the organisation to change a confirmed entry (N10). The confirmation stands until this is decided.</summary>
/// <param name="Revision">Which submission of this entry.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What is to be confirmed instead.</param>
/// <param name="Description">The volunteer's own words.</param>
/// <param name="Reason">Why, for the history.</param>
/// <param name="StandingRevision">The submission whose confirmation stands meanwhile.</param>
/// <param name="Standing">What that one confirmed.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Documents">What supports it.</param>
/// <param name="WordsShown">As with a submission.</param>
public sealed record EntryAmended(
    int Revision, Guid VolunteerId, EntryFacts Facts, string? Description, string Reason, int StandingRevision, EntryFacts Standing, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DocumentReference>? Documents = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool WordsShown = false);

/// <summary>The volunteer changed what a confirmed entry says besides that which the organisation confirms.</summary>
/// <param name="Description">The volunteer's own words; in no message and in no feed.</param>
/// <param name="Reason">Why, for the history.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Documents">What supports it; as the words.</param>
public sealed record EntryDescribed(
    string? Description, string Reason, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<DocumentReference>? Documents = null);

/// <summary>The volunteer took the wish to change a confirmed entry back.</summary>
/// <param name="Revision">The submission that waited for a decision.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Reason">Why, in the volunteer's words.</param>
/// <param name="At">When, UTC.</param>
public sealed record AmendmentWithdrawn(int Revision, Guid VolunteerId, string? Reason, DateTimeOffset At);

/// <summary>The organisation did not agree to the change of a confirmed entry.</summary>
/// <param name="Revision">The submission.</param>
/// <param name="CaseId">The case that holds the reason.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Returned">True where changes are asked for, false where it was rejected.</param>
/// <param name="At">When the book took it over, UTC.</param>
/// <param name="OrganisationId">The organisation that decided; null in events of before this was kept.</param>
/// <param name="Minutes">What was decided on, minutes; likewise.</param>
public sealed record AmendmentDeclined(
    int Revision, Guid CaseId, Guid VolunteerId, bool Returned, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganisationId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Minutes = null);

/// <summary>The organisation took its confirmation back (N10).</summary>
/// <param name="Revision">The submission whose confirmation stood.</param>
/// <param name="CaseId">The case that holds the reason.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="At">When the book took it over, UTC.</param>
/// <param name="OrganisationId">The organisation that decided; null in events of before this was kept.</param>
/// <param name="Minutes">What was decided on, minutes; likewise.</param>
public sealed record EntryRevoked(
    int Revision, Guid CaseId, Guid VolunteerId, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganisationId = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Minutes = null);
