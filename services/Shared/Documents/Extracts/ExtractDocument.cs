using System.Text.Json.Nodes;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence.Signatures;

namespace VolunteerBook.Documents.Extracts;

/// <summary>What of a book a document holds. Written in kebab-case: <c>whole-book</c>.</summary>
public enum ExtractScopeKind
{
    /// <summary>All entries.</summary>
    WholeBook,

    /// <summary>The work on the days of a period.</summary>
    Period,

    /// <summary>The entries with one organisation.</summary>
    Organisation,

    /// <summary>Sums without the entries: they cannot be added up again from the document.</summary>
    TotalsOnly,

    /// <summary>One entry, or the entries of one event: a certificate of hours.</summary>
    Event,
}

/// <summary>The kind of the scope, and its bounds where it has any.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="From">First day, where a period bounds it.</param>
/// <param name="Until">Last day, where a period bounds it.</param>
/// <param name="Name">The organisation's or the event's name, where it is about one.</param>
public sealed record ExtractScope(ExtractScopeKind Kind, DateOnly? From = null, DateOnly? Until = null, string? Name = null);

/// <summary>Whose book it is.</summary>
/// <param name="VolunteerId">The book's own id, which the organisations' statements name.</param>
/// <param name="Name">Full name as the holder writes it.</param>
/// <param name="BirthDate">Birth date, where the holder wants it shown.</param>
public sealed record ExtractHolder(Guid VolunteerId, string Name, DateOnly? BirthDate = null);

/// <summary>What the entries of a grade add up to.</summary>
/// <param name="Grade">The grade.</param>
/// <param name="Minutes">Sum of the entries' minutes that count.</param>
/// <param name="Entries">How many they are.</param>
public sealed record GradeTotal(EvidenceGrade Grade, int Minutes, int Entries);

/// <summary>What an organisation signed, so that anyone can check it.</summary>
/// <param name="Text">
/// Compact JWS (RFC 7515, ES256), or a detached CMS (RFC 5652, ГОСТ Р 34.10-2012), DER in base64; over the statement, or
/// that of a list which was signed as a whole.
/// </param>
/// <param name="Key">
/// The organisation's public key, whose RFC 7638 thumbprint is the key id that the JWS names; none where there is a CMS, which holds its certificate itself.
/// </param>
/// <param name="LogInclusion">The proof that the signature is in the transparency log, as the log writes it; none where there is none.</param>
/// <param name="Lines">The lines of the list that are about this entry, with their proofs; null where the entry's own statement was signed.</param>
/// <param name="Statement">What a CMS is over; none where there is a JWS, which holds it itself.</param>
public sealed record OrganisationSignature(
    string Text, PublicJwk? Key, JsonNode? LogInclusion = null, IReadOnlyList<SignedLine>? Lines = null, string? Statement = null)
{
    /// <summary>The name of the key that signed; null where a CMS does not hold its certificate.</summary>
    public string? Kid => Key is not null ? Key.Kid() : CmsSignature.ReadBase64(Text)?.Signer is { } signer ? GostCertificate.KidOf(signer) : null;
}

/// <summary>An entry of the book.</summary>
public sealed record ExtractEntry
{
    /// <summary>The entry's id, which the organisation's statement names.</summary>
    public required Guid EntryId { get; init; }

    /// <summary>The organisation's id.</summary>
    public required Guid OrganisationId { get; init; }

    /// <summary>The organisation's name at the moment of the document.</summary>
    public required string Organisation { get; init; }

    /// <summary>Project or event.</summary>
    public required string Project { get; init; }

    /// <summary>Code of the kind of work, as in the organisation's statement.</summary>
    public required string TaskType { get; init; }

    /// <summary>Its name in the document's language.</summary>
    public required string TaskTypeName { get; init; }

    /// <summary>Level of responsibility, in the document's language; none where none was said.</summary>
    public string? ResponsibilityLevel { get; init; }

    /// <summary>Where in the region; none where none was said.</summary>
    public string? Place { get; init; }

    /// <summary>ISO 3166-2 code of the region, as in the organisation's statement.</summary>
    public required string Region { get; init; }

    /// <summary>Its name in the document's language.</summary>
    public required string RegionName { get; init; }

    /// <summary>The shifts, in the order of the entry.</summary>
    public required IReadOnlyList<Shift> Shifts { get; init; }

    /// <summary>The sum over the shifts.</summary>
    public required int Minutes { get; init; }

    /// <summary>How many of them do not count here, because another entry has the same minutes of the clock and they count there.</summary>
    public int OverlapMinutes { get; init; }

    /// <summary>How many of them lie outside the document's period. The shifts are told whole all the same: so the organisation signed them.</summary>
    public int OutsideMinutes { get; init; }

    /// <summary>What counts: the minutes but those of overlaps and those outside.</summary>
    public int CountedMinutes => Minutes - OverlapMinutes - OutsideMinutes;

    /// <summary>How much was done; none where it is not counted.</summary>
    public decimal? Volume { get; init; }

    /// <summary>The volume's unit in the document's language.</summary>
    public string? VolumeUnit { get; init; }

    /// <summary>Points for the minutes that count.</summary>
    public int Points { get; init; }

    /// <summary>How well it is proven.</summary>
    public required EvidenceGrade Grade { get; init; }

    /// <summary>The organisation's signature: where and only where the grade is <see cref="EvidenceGrade.Signed"/>.</summary>
    public OrganisationSignature? Signature { get; init; }
}

/// <summary>What volunteers claim and no organisation has confirmed: told apart, and in no total but its own.</summary>
/// <param name="Totals">Sums by grade: each grade once, in the order of the grades.</param>
/// <param name="Entries">The entries in the order of the book; none where only totals are asked.</param>
public sealed record ExtractClaims(IReadOnlyList<GradeTotal> Totals, IReadOnlyList<ExtractEntry> Entries);

/// <summary>What an extract from a book, or a certificate of hours, says: the input of the PDF, and the whole of the JSON within it.</summary>
public sealed record ExtractDocument
{
    /// <summary>The document's number: <c>ВК-2026-000123-7QX4</c>.</summary>
    public required string Number { get; init; }

    /// <summary>When it was issued, with the distance from UTC at <see cref="Zone"/>; whole seconds.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The IANA time zone in which the document tells its own time.</summary>
    public required string Zone { get; init; }

    /// <summary><c>ru</c> or <c>en</c>.</summary>
    public required string Language { get; init; }

    /// <summary>The name of the portal that issues.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where the document can be looked up: what its QR code says.</summary>
    public required string CheckUrl { get; init; }

    /// <summary>Whose book.</summary>
    public required ExtractHolder Holder { get; init; }

    /// <summary>What of the book.</summary>
    public required ExtractScope Scope { get; init; }

    /// <summary>The moment as of which the book is told.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>Sums by grade: each grade once, in the order of the grades.</summary>
    public required IReadOnlyList<GradeTotal> Totals { get; init; }

    /// <summary>Points over all entries.</summary>
    public required int Points { get; init; }

    /// <summary>The entries in the order of the book; none where only totals are asked.</summary>
    public required IReadOnlyList<ExtractEntry> Entries { get; init; }

    /// <summary>What is only claimed; null where it was not asked for. Documents of earlier versions have it among the entries.</summary>
    public ExtractClaims? Claimed { get; init; }

    /// <summary>Adds entries up by grade.</summary>
    public static IReadOnlyList<GradeTotal> TotalsOf(IReadOnlyCollection<ExtractEntry> entries) =>
        [.. Enum.GetValues<EvidenceGrade>().Select(grade => new GradeTotal(
            grade, entries.Where(entry => entry.Grade == grade).Sum(entry => entry.CountedMinutes), entries.Count(entry => entry.Grade == grade)))];
}
