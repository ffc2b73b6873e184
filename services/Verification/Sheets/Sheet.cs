using System.Text.Json.Nodes;
using JasperFx.Events;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Evidence;
using VolunteerBook.Evidence.Statements;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.OrganisationRules;

namespace VolunteerBook.Verification.Sheets;

/// <summary>Where a sheet stands.</summary>
public enum SheetStatus
{
    /// <summary>Taken in, not signed: it is evidence of nothing yet.</summary>
    Received,

    Signed,

    Discarded,

    /// <summary>Was signed, and a later document that the organisation signed took its place: it is evidence of nothing any more.</summary>
    Superseded,
}

/// <summary>An organisation's own attendance sheet.</summary>
public sealed record Sheet
{
    /// <summary>The most rows of a document.</summary>
    public const int MostRows = 100_000;

    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public Guid OrganisationId { get; init; }

    public required string Name { get; init; }

    public SheetFormat Format { get; init; }

    public required string Sha256 { get; init; }

    /// <summary>Under which its rows lie in <c>sheet_rows</c>.</summary>
    public Guid RowsId { get; init; }

    /// <summary>Rows that were accepted.</summary>
    public int Rows { get; init; }

    /// <summary>Rows that were not.</summary>
    public int Faulty { get; init; }

    public required string Root { get; init; }

    public DateOnly? From { get; init; }

    public DateOnly? To { get; init; }

    public SheetStatus Status { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The subject of who handed it in.</summary>
    public string? ReceivedBy { get; init; }

    public DateTimeOffset? SignedAt { get; init; }

    /// <summary>The subject of who signed it.</summary>
    public string? SignedBy { get; init; }

    public string? Kid { get; init; }

    /// <summary>The compact JWS, or the detached CMS, over <see cref="Statement"/>.</summary>
    public string? Signature { get; init; }

    /// <summary>The public key that signed; null where a certificate did.</summary>
    public SigningJwk? Key { get; init; }

    /// <summary>What was signed, where the signature does not hold it itself.</summary>
    public string? Signed { get; init; }

    /// <summary>
    /// By how many minutes an entry may differ from its row and still be confirmed by the signature; null where it confirms nothing by itself.
    /// </summary>
    public int? ConfirmsWithin { get; init; }

    /// <summary>Whose deputy signed it; none where a coordinator did.</summary>
    public IReadOnlyList<Guid> SignedInThePlaceOf { get; init; } = [];

    /// <summary>The signed document whose place it took; null where none.</summary>
    public Guid? Supersedes { get; init; }

    /// <summary>The document that took its place; null while it stands.</summary>
    public Guid? SupersededBy { get; init; }

    /// <summary>Whether it would be the volunteer's own evidence: who signed it says nothing by it of their own hours (<see cref="OwnHours"/>).</summary>
    public bool IsOwnOf(Guid volunteer) => Guid.TryParse(SignedBy, out var by) && OwnHours.Are(volunteer, by, SignedInThePlaceOf);

    /// <summary>People of whom the organisation has yet to say who they are; until then the sheet is not signed.</summary>
    public int Unresolved { get; init; }

    /// <summary>Headers of columns that were not read.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>Names of the document's other sheets that are seen and have something on them.</summary>
    public IReadOnlyList<string> UnreadSheets { get; init; } = [];

    /// <summary>The IANA zone of rows that name none.</summary>
    public string? Zone { get; init; }

    /// <summary>When the shifts of rows begin that do not say it.</summary>
    public TimeOnly? Start { get; init; }

    /// <summary>
    /// The list at Profiles of those whom the document names otherwise than by their code. It is the same for every reading of
    /// the same bytes, and ends there by itself.
    /// </summary>
    public Guid PeopleId => PeopleOf(OrganisationId, Sha256);

    /// <summary>
    /// The id of what was read of an organisation's document: UUIDv5 in the organisation's own namespace. The same bytes read in the same way are one sheet;
    /// read otherwise, by another clock say, they are another.
    /// </summary>
    public static Guid IdOf(Guid organisation, string sha256, string root) => Uuid.V5(organisation, $"sheet/{sha256}/{root}");

    /// <summary>The id of a sheet from the time when its bytes alone told it.</summary>
    public static Guid IdByBytes(Guid organisation, string sha256) => Uuid.V5(organisation, "sheet/" + sha256);

    /// <summary>The id of the list of people of a document with these bytes.</summary>
    public static Guid PeopleOf(Guid organisation, string sha256) => Uuid.V5(organisation, "people/" + sha256);

    /// <summary>What signing the sheet says: canonical JSON (RFC 8785), UTF-8.</summary>
    /// <param name="rule">The organisation's rule; of a sheet that was signed the one that it was signed under counts.</param>
    /// <param name="supersedes">The document whose place it is to take; of a sheet that was signed the one whose place it took.</param>
    public byte[] Statement(MatchingRule rule, Guid? supersedes = null)
    {
        var signed = SignedAt is not null;
        var statement = new JsonObject
        {
            ["form"] = ListStatement.SheetForm,
            ["sheetId"] = Id.ToString(),
            ["organisationId"] = OrganisationId.ToString(),
            ["name"] = Name,
            ["sha256"] = Sha256,
            ["rows"] = Rows,
            ["root"] = Root,
        };
        if ((signed ? ConfirmsWithin : rule.ConfirmsWithin) is { } within)
        {
            statement[ListStatement.ConfirmsWithin] = within;
        }

        if ((signed ? Supersedes : supersedes) is { } earlier)
        {
            statement["supersedes"] = earlier.ToString();
        }

        return CanonicalJson.Bytes(statement);
    }

    public static Sheet Create(IEvent<SheetReceived> e) => new Sheet
    {
        OrganisationId = e.Data.OrganisationId,
        Name = e.Data.Name,
        Sha256 = e.Data.Sha256,
        Root = e.Data.Root,
    }.Apply(e);

    public Sheet Apply(IEvent<SheetReceived> e) => this with
    {
        OrganisationId = e.Data.OrganisationId,
        Name = e.Data.Name,
        Format = e.Data.Format,
        Sha256 = e.Data.Sha256,
        RowsId = e.Data.RowsId,
        Rows = e.Data.Rows,
        Faulty = e.Data.Faulty,
        Root = e.Data.Root,
        From = e.Data.From,
        To = e.Data.To,
        Unresolved = e.Data.Unresolved,
        Unread = e.Data.Unread ?? [],
        UnreadSheets = e.Data.UnreadSheets ?? [],
        Zone = e.Data.Zone,
        Start = e.Data.Start,
        Status = SheetStatus.Received,
        ReceivedAt = e.Data.At,
        ReceivedBy = e.UserName,
    };

    public Sheet Apply(SheetPeopleResolved e) =>
        this with { Unresolved = e.Unresolved, Rows = e.Rows, Faulty = e.Faulty, Root = e.Root, From = e.From, To = e.To };

    public Sheet Apply(IEvent<SheetSigned> e) => this with
    {
        Status = SheetStatus.Signed,
        SignedAt = e.Data.At,
        SignedBy = e.UserName,
        Kid = e.Data.Kid,
        Signature = e.Data.Signature,
        Key = e.Data.Key,
        Signed = e.Data.Statement,
        ConfirmsWithin = e.Data.ConfirmsWithin,
        Supersedes = e.Data.Supersedes,
        SignedInThePlaceOf = e.Data.InThePlaceOf ?? [],
    };

    public Sheet Apply(SheetSuperseded e) => this with { Status = SheetStatus.Superseded, SupersededBy = e.By };

    public Sheet Apply(SheetSignatureRefused _) => this;

    public Sheet Apply(SheetDiscarded _) => this with { Status = SheetStatus.Discarded };
}
