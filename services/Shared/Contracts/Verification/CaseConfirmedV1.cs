using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Contracts.Verification;

/// <summary>The organisation confirmed a case.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="EntryId">The entry it is about.</param>
/// <param name="Revision">The submission of the entry that was confirmed.</param>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Kid">The key that signed: RFC 7638 thumbprint, SHA-256, or SHA-256 of the certificate, base64url; null where nothing was signed.</param>
/// <param name="At">When the confirmation was accepted, UTC.</param>
/// <param name="Facts">What was confirmed; null where it is all that was submitted.</param>
/// <param name="Grade">How well it is evidenced; null stands for signed.</param>
/// <param name="Signature">
/// The compact JWS (RFC 7515), or the detached CMS (RFC 5652, DER in base64), over the statement, or over a list's; it holds ids and facts, no personal data.
/// </param>
/// <param name="Points">Points that the organisation gives by its rule.</param>
/// <param name="Key">The public key that <paramref name="Kid"/> names; null where the signature is a CMS, which holds its certificate itself.</param>
/// <param name="Lines">Where a list was signed as a whole: the lines of it that are about this entry.</param>
/// <param name="Statement">What was signed, where the signature is a CMS; null where it holds that itself.</param>
public sealed record CaseConfirmedV1(
    Guid CaseId,
    Guid EntryId,
    int Revision,
    Guid OrganisationId,
    string? Kid,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EntryFacts? Facts = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] EvidenceGrade? Grade = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Signature = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Points = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SigningJwk? Key = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SignedLine>? Lines = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Statement = null);
