using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Verification.Sheets;

/// <summary>The form in which an organisation hands its attendance sheet in.</summary>
public enum SheetFormat
{
    /// <summary>RFC 4180, with comma, semicolon, tab or bar, with a header.</summary>
    [JsonStringEnumMemberName("csv")]
    Csv,

    /// <summary>RFC 8259: an array of objects.</summary>
    [JsonStringEnumMemberName("json")]
    Json,

    /// <summary>ISO/IEC 29500: a workbook, of which the first sheet with a header is read.</summary>
    [JsonStringEnumMemberName("xlsx")]
    Xlsx,
}

/// <summary>An organisation's own attendance sheet was taken in, whole; its rows lie in <c>sheet_rows</c>, written in the same transaction.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Name">What the organisation calls it, at most 200 characters.</param>
/// <param name="Format">Its form.</param>
/// <param name="Sha256">SHA-256 of the file's bytes, hexadecimal: the same bytes read in the same way are the same sheet.</param>
/// <param name="RowsId">Under which its rows lie.</param>
/// <param name="Rows">Rows that were accepted.</param>
/// <param name="Faulty">Rows that were not: each is kept with its line, fields and rules.</param>
/// <param name="Root">
/// Root of the RFC 6962 tree over the accepted rows as canonical JSON in the order of their lines, hexadecimal: each row can
/// be shown to be signed without the others.
/// </param>
/// <param name="From">The earliest day of an accepted row by its own clock; null where none was accepted.</param>
/// <param name="To">The latest day.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Unresolved">
/// People in accepted rows who are named otherwise than by their code, and of whom the organisation has yet to say who they are.
/// </param>
/// <param name="Unread">Headers of columns that were not read.</param>
/// <param name="Zone">The IANA zone of rows that name none.</param>
/// <param name="Start">When the shifts of rows begin that do not say it.</param>
/// <param name="UnreadSheets">Names of a workbook's other sheets that are seen and have something on them.</param>
public sealed record SheetReceived(
    Guid OrganisationId, string Name, SheetFormat Format, string Sha256, Guid RowsId,
    int Rows, int Faulty, string Root, DateOnly? From, DateOnly? To, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Unresolved = 0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Unread = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Zone = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TimeOnly? Start = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? UnreadSheets = null);

/// <summary>Who somebody in a sheet is.</summary>
/// <param name="Person">Their number within the sheet.</param>
/// <param name="VolunteerId">The volunteer; null where nobody is meant that this book knows, and their rows are left out.</param>
public sealed record SheetPerson(int Person, Guid? VolunteerId);

/// <summary>The organisation said who people are that its sheet names otherwise than by their code.</summary>
/// <param name="People">Of whom it was said now.</param>
/// <param name="Unresolved">Of how many it is still to be said.</param>
/// <param name="Rows">Rows that are accepted now.</param>
/// <param name="Faulty">Rows that are not.</param>
/// <param name="Root">Root of the tree over the accepted rows.</param>
/// <param name="From">The earliest day of an accepted row.</param>
/// <param name="To">The latest day.</param>
/// <param name="At">When, UTC.</param>
public sealed record SheetPeopleResolved(
    IReadOnlyList<SheetPerson> People, int Unresolved, int Rows, int Faulty, string Root, DateOnly? From, DateOnly? To, DateTimeOffset At);

/// <summary>The organisation signed the sheet as a whole: its rows are evidence from now on.</summary>
/// <param name="Kid">The key that signed.</param>
/// <param name="Signature">The compact JWS, or the detached CMS, over the sheet's statement.</param>
/// <param name="At">When the signature was accepted, UTC.</param>
/// <param name="Key">The public key that <paramref name="Kid"/> names; a CMS holds its certificate itself.</param>
/// <param name="ConfirmsWithin">
/// By how many minutes an entry may differ from its row and still be confirmed by this signature; null where it confirms nothing by itself.
/// </param>
/// <param name="Statement">What was signed, where the signature does not hold it itself.</param>
/// <param name="Supersedes">The signed sheet whose place it takes, by this signature; null where none.</param>
/// <param name="InThePlaceOf">Whose deputy signed; null where a coordinator did.</param>
public sealed record SheetSigned(
    string Kid, string Signature, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SigningJwk? Key = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ConfirmsWithin = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Statement = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? Supersedes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Guid>? InThePlaceOf = null);

/// <summary>Another sheet took the place of this one, by the organisation's signature over that: its rows are evidence no more.</summary>
/// <param name="By">The other sheet.</param>
/// <param name="At">When, UTC.</param>
public sealed record SheetSuperseded(Guid By, DateTimeOffset At);

/// <summary>A signature was handed in that does not sign the sheet.</summary>
/// <param name="Reason">Stable code, see <see cref="Cases.SignatureFault"/>.</param>
/// <param name="Kid">The key that it names, where it names one.</param>
/// <param name="Sha256">SHA-256 of what was handed in, hexadecimal: enough to recognise it by.</param>
/// <param name="At">When, UTC.</param>
public sealed record SheetSignatureRefused(
    string Reason, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kid, string Sha256, DateTimeOffset At);

/// <summary>The organisation dropped a sheet that it had not signed; its rows are gone, and the same bytes may be handed in again.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="ReadAnew">The sheet that the same bytes were read as instead.</param>
public sealed record SheetDiscarded(DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? ReadAnew = null);
