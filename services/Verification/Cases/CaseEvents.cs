using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Verification.Cases;

/// <summary>An entry was submitted: the organisation is asked to confirm it.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission, from 1.</param>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Facts">What is to be confirmed.</param>
/// <param name="At">When it was submitted, UTC.</param>
/// <param name="Amends">The confirmation that would be changed by this one; null for an entry that is not confirmed.</param>
/// <param name="LimitDays">Within how many days the organisation had said it decides; null where it had said nothing.</param>
public sealed record CaseOpened(
    Guid EntryId, int Revision, Guid VolunteerId, EntryFacts Facts, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] StandingConfirmation? Amends = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? LimitDays = null);

/// <summary>A confirmation that stands while another one is asked for.</summary>
/// <param name="Revision">The submission that was confirmed.</param>
/// <param name="Facts">What was confirmed.</param>
public sealed record StandingConfirmation(int Revision, EntryFacts Facts);

/// <summary>The organisation confirmed: under its signature over the statement, or over a list that the case is in.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Kid">The key that signed; null where nothing was signed.</param>
/// <param name="Signature">The compact JWS (RFC 7515), statement included, or a detached CMS (RFC 5652), DER in base64; null where nothing was signed.</param>
/// <param name="At">When the signature was accepted, UTC.</param>
/// <param name="Points">Points by the organisation's rule; the statement has them.</param>
/// <param name="Key">The public key that <paramref name="Kid"/> names: who checks later need not find it. A CMS holds its certificate itself.</param>
/// <param name="Lines">Where a list was signed as a whole: the lines of it that are about this case.</param>
/// <param name="Facts">What was confirmed, where it is less than was submitted.</param>
/// <param name="Reason">Why less, for the volunteer to read.</param>
/// <param name="Statement">What was signed, where the signature does not hold it itself, as a detached CMS does not.</param>
public sealed record CaseConfirmed(
    Guid EntryId, int Revision, Guid OrganisationId, string? Kid, string? Signature, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Points = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SigningJwk? Key = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SignedLine>? Lines = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EntryFacts? Facts = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Statement = null);

/// <summary>A signed attendance sheet of the organisation evidences the case, and it does not confirm by itself.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="At">When it was found, UTC.</param>
public sealed record CaseMatched(Guid EntryId, int Revision, Guid OrganisationId, DateTimeOffset At);

/// <summary>
/// The confirmation that this submission would change was taken back: confirmed, it replaces none. Said here in the transaction that takes it back, so that
/// of the two only one is decided by who has seen the state before.
/// </summary>
/// <param name="At">When, UTC.</param>
public sealed record AmendedConfirmationRevoked(DateTimeOffset At);

/// <summary>The organisation took its confirmation back, under its signature.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission whose confirmation no longer stands.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Reason">Why, for the volunteer to read.</param>
/// <param name="Kid">The key that signed.</param>
/// <param name="Signature">
/// The compact JWS, or the detached CMS, over the statement of revocation; or over the attendance sheet that supersedes
/// the one which the confirmation rested on.
/// </param>
/// <param name="At">When the signature was accepted, UTC.</param>
public sealed record ConfirmationRevoked(Guid EntryId, int Revision, Guid OrganisationId, string Reason, string Kid, string Signature, DateTimeOffset At);

/// <summary>The organisation refuses to confirm.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Reason">Why, for the volunteer to read.</param>
/// <param name="At">When, UTC.</param>
public sealed record CaseRejected(Guid EntryId, int Revision, Guid OrganisationId, string Reason, DateTimeOffset At);

/// <summary>The organisation asks for changes.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Reason">What to change, for the volunteer to read.</param>
/// <param name="At">When, UTC.</param>
public sealed record CaseReturned(Guid EntryId, int Revision, Guid OrganisationId, string Reason, DateTimeOffset At);

/// <summary>The volunteer took the entry back before a decision reached the book.</summary>
/// <param name="At">When, UTC.</param>
public sealed record CaseCancelled(DateTimeOffset At);

/// <summary>The organisation has not decided within its limit. It happens to a case once.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Revision">The submission.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="LimitDays">The limit in days.</param>
/// <param name="At">When this was found, UTC.</param>
public sealed record CaseEscalated(Guid EntryId, int Revision, Guid OrganisationId, int LimitDays, DateTimeOffset At);

/// <summary>The administrator reminded the organisation of an escalated case.</summary>
/// <param name="Text">What the administrator wrote, for the organisation and the volunteer to read.</param>
/// <param name="At">When, UTC.</param>
public sealed record OrganisationReminded(string? Text, DateTimeOffset At);

/// <summary>
/// A signature was handed in that does not sign the case's statement. Earlier versions stored it in the streams of sheets, too, where it
/// moves the version and says nothing else.
/// </summary>
/// <param name="Reason">Stable code, see <see cref="SignatureCheck"/>.</param>
/// <param name="Kid">The key that it names, where it names one.</param>
/// <param name="Sha256">SHA-256 of what was handed in, hexadecimal: enough to recognise it by.</param>
/// <param name="At">When, UTC.</param>
public sealed record SignatureRefused(string Reason, string? Kid, string Sha256, DateTimeOffset At);
