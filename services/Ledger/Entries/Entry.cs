using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// Where an entry stands. Only the organisation's decision leads to confirmed, rejected and returned (F15). Stored by the names that the API has, so that the
/// book goes out as it is stored.
/// </summary>
public enum EntryStatus
{
    [JsonStringEnumMemberName("draft")]
    Draft,

    [JsonStringEnumMemberName("submitted")]
    Submitted,

    [JsonStringEnumMemberName("confirmed")]
    Confirmed,

    [JsonStringEnumMemberName("rejected")]
    Rejected,

    [JsonStringEnumMemberName("returned")]
    Returned,

    [JsonStringEnumMemberName("withdrawn")]
    Withdrawn,

    /// <summary>Was confirmed, and the organisation took the confirmation back.</summary>
    [JsonStringEnumMemberName("revoked")]
    Revoked,
}

/// <summary>Who said first that the work was done.</summary>
public enum EntrySource
{
    /// <summary>The volunteer.</summary>
    [JsonStringEnumMemberName("volunteer")]
    Volunteer,

    /// <summary>The organisation's coordinator, by recording attendance at a vacancy's shift.</summary>
    [JsonStringEnumMemberName("attendance")]
    Attendance,

    /// <summary>The volunteer, from a paper book kept before.</summary>
    [JsonStringEnumMemberName("paper")]
    Paper,
}

/// <summary>The confirmation that an entry stands on.</summary>
/// <param name="Revision">The submission that was confirmed.</param>
/// <param name="CaseId">Its case.</param>
/// <param name="Grade">How well it is evidenced.</param>
/// <param name="Kid">The key that signed; null where nothing was signed.</param>
/// <param name="At">When the book took it over, UTC.</param>
public sealed record Confirmation(int Revision, Guid CaseId, EvidenceGrade Grade, string? Kid, DateTimeOffset At)
{
    public static Confirmation Of(EntryConfirmed e) => new(e.Revision, e.CaseId, e.Grade ?? EvidenceGrade.Signed, e.Kid, e.At);
}

/// <summary>What a volunteer wishes a confirmed entry to say instead, while the organisation has not decided.</summary>
/// <param name="Revision">The submission.</param>
/// <param name="Facts">What is to be confirmed instead.</param>
/// <param name="Description">The volunteer's own words.</param>
/// <param name="Documents">What supports it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When it was asked, UTC.</param>
/// <param name="WordsShown">Whether the organisation reads words and documents.</param>
public sealed record Amendment(
    int Revision, EntryFacts Facts, string? Description, IReadOnlyList<DocumentReference> Documents, string Reason, DateTimeOffset At, bool WordsShown = false)
{
    public static Amendment Of(EntryAmended e) => new(e.Revision, e.Facts, e.Description, e.Documents ?? [], e.Reason, e.At, e.WordsShown);
}

/// <summary>
/// One piece of work in a volunteer's book, as far as commands and others' decisions on it depend on it. Made of its stream whenever one of them is there, and
/// kept nowhere: what is shown of it is an <see cref="EntryView"/>, what the book adds up a <see cref="BookLine"/>.
/// </summary>
public sealed record Entry
{
    public Guid Id { get; init; }

    public Guid VolunteerId { get; init; }

    public EntrySource Source { get; init; }

    public EntryStatus Status { get; init; }

    /// <summary>How often it was submitted; the case of a submission is known by it.</summary>
    public int Revision { get; init; }

    /// <summary>How well the minutes are evidenced (N8).</summary>
    public EvidenceGrade Grade { get; init; }

    /// <summary>What it says: what an organisation confirms.</summary>
    public required EntryFacts Facts { get; init; }

    /// <summary>The volunteer's own words.</summary>
    public string? Description { get; init; }

    /// <summary>What supports it.</summary>
    public IReadOnlyList<DocumentReference> Documents { get; init; } = [];

    /// <summary>The confirmation that stands; null where none does.</summary>
    public Confirmation? Confirmation { get; init; }

    /// <summary>The wish to change what is confirmed, while it waits for the organisation.</summary>
    public Amendment? Amendment { get; init; }

    /// <summary>Whether it says the same already: what an organisation confirms, the volunteer's own words, and the documents.</summary>
    public bool Says(EntryFacts facts, string? description, IReadOnlyList<DocumentReference>? documents) =>
        facts.Equals(Facts) && description == Description && Documents.SequenceEqual(documents ?? []);

    /// <summary>Whether the organisation is asked to decide on this submission now.</summary>
    public bool Awaits(int revision) => Revision == revision && (Status == EntryStatus.Submitted || Amendment is not null);

    /// <summary>How well the minutes are evidenced where no organisation has confirmed them.</summary>
    public static EvidenceGrade WithoutConfirmation(EntrySource source) =>
        source == EntrySource.Attendance ? EvidenceGrade.CheckedIn : EvidenceGrade.SelfDeclared;

    public static Entry Create(EntryLogged e) => new()
    {
        VolunteerId = e.VolunteerId,
        Source = e.Source,
        Grade = WithoutConfirmation(e.Source),
        Facts = e.Facts,
        Description = e.Description,
        Documents = e.Documents ?? [],
    };

    public Entry Apply(EntryCorrected e) => this with { Facts = e.Facts, Description = e.Description, Documents = e.Documents ?? [] };

    public Entry Apply(EntrySubmitted e) => AsWished() with { Status = EntryStatus.Submitted, Revision = e.Revision, Facts = e.Facts };

    public Entry Apply(EntryWithdrawn _) => this with { Status = EntryStatus.Withdrawn, Grade = WithoutConfirmation(Source) };

    public Entry Apply(EntryConfirmed e) => AsWished() with
    {
        Status = EntryStatus.Confirmed,
        Revision = e.Revision,
        Grade = e.Grade ?? EvidenceGrade.Signed,
        Facts = e.Facts,
        Confirmation = Confirmation.Of(e),
    };

    public Entry Apply(EntryMatched _) => this with { Grade = EvidenceGrade.Matched };

    public Entry Apply(EntryRejected _) => this with { Status = EntryStatus.Rejected, Grade = WithoutConfirmation(Source) };

    public Entry Apply(EntryReturned _) => this with { Status = EntryStatus.Returned, Grade = WithoutConfirmation(Source) };

    public Entry Apply(EntryAmended e) => this with { Revision = e.Revision, Amendment = Amendment.Of(e) };

    public Entry Apply(EntryDescribed e) => this with { Description = e.Description, Documents = e.Documents ?? [] };

    public Entry Apply(AmendmentWithdrawn _) => this with { Amendment = null };

    public Entry Apply(AmendmentDeclined _) => this with { Amendment = null };

    public Entry Apply(EntryRevoked _) => this with { Status = EntryStatus.Revoked, Grade = WithoutConfirmation(Source), Confirmation = null };

    // Own words and documents follow the wish that becomes what the entry says.
    private Entry AsWished() => Amendment is { } wish ? this with { Description = wish.Description, Documents = wish.Documents, Amendment = null } : this;
}
