using System.Globalization;
using System.Text.Json;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>What an entry says was done: the part that an organisation confirms. Without a level it is the least.</summary>
public sealed record Facts(
    Guid OrganisationId, string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts, string? Level, string? Place, Volume? Volume)
{
    /// <summary>Sum over the shifts.</summary>
    public int Minutes => Shifts.Sum(shift => shift.Minutes);
}

/// <summary>A document that supports an entry: where to look, not the document itself.</summary>
public sealed record DocumentReference(string Title, string? Number, DateOnly? Date, string? Uri);

/// <summary>
/// What was done in the volunteer's own words, and what supports it; <paramref name="Withheld"/> where both were given for the volunteer's own eyes only.
/// </summary>
public sealed record Words(string? Description, IReadOnlyList<DocumentReference> Documents, bool Withheld = false);

/// <summary>Where a paper book records the work.</summary>
public sealed record PaperRecord(string Number, string IssuedBy, int? Page);

/// <summary>The confirmation that an entry stands on.</summary>
public sealed record Confirmation(int Revision, Guid CaseId, string Grade, string? Kid, DateTimeOffset At);

/// <summary>What a confirmed entry is to say instead, while the organisation has not decided.</summary>
public sealed record Amendment(int Revision, Facts Facts, string? Description, IReadOnlyList<DocumentReference> Documents, string Reason, DateTimeOffset At);

/// <summary>
/// An entry of the book. <paramref name="Status"/>: draft, submitted, confirmed, rejected, returned, withdrawn or revoked. <paramref name="ClaimedMinutes"/>
/// are more than <paramref name="Minutes"/> where the organisation confirmed less.
/// </summary>
public sealed record Entry(
    Guid Id, Guid VolunteerId, Guid OrganisationId, string Project, string TaskType,
    string Region, string? Level, string? Place, Volume? Volume, string? Description,
    IReadOnlyList<DocumentReference>? Documents, PaperRecord? Paper, IReadOnlyList<Shift> Shifts,
    int Minutes, int ClaimedMinutes, string Status, string Grade, int Points,
    Guid? CaseId, Confirmation? Confirmation, Amendment? Amendment, string? Source, DateTimeOffset LoggedAt, DateTimeOffset? SubmittedAt,
    DateTimeOffset? DecidedAt, bool WordsShown = false)
{
    /// <summary>What is said now, and confirmed where a confirmation stands.</summary>
    public Facts Facts => new(OrganisationId, Project, TaskType, Region, Shifts, Level, Place, Volume);

    /// <summary>What is said beside that.</summary>
    public Words Words => new(Description, Documents ?? []);
}

/// <summary>A line of totals: minutes and number of entries under a key.</summary>
public sealed record Total(string Key, long Minutes, long Entries, string? Name = null);

/// <summary>Totals of the whole book; <paramref name="OverlapMinutes"/> are claimed twice and count once.</summary>
public sealed record BookTotals(
    long Minutes, long Entries, long OverlapMinutes, long Points, GradedMinutes Grades,
    IReadOnlyList<Total> ByStatus, IReadOnlyList<Total> ByOrganisation, IReadOnlyList<Total> ByTaskType, IReadOnlyList<Total> ByYear)
{
    /// <summary>How many entries the list shows, those too that count for nothing any more: <see cref="Entries"/> leaves these out.</summary>
    public long Listed => ByStatus.Sum(total => total.Entries);
}

/// <summary>A page of the book, newest shift first, with the totals of all of it.</summary>
public sealed record Book(IReadOnlyList<Entry> Items, string? Next, BookTotals Totals, IReadOnlyList<Overlap> Overlaps);

/// <summary>A book as it stood at a moment, for a period of work.</summary>
public sealed record BookAsOf(
    DateTimeOffset At, DateOnly? From, DateOnly? To, IReadOnlyList<Entry> Items, string? Next, BookTotals Totals, IReadOnlyList<Overlap> Overlaps);

/// <summary>A change of an entry.</summary>
public sealed record BookChange(Guid Id, Guid EntryId, Happening Change);

/// <summary>A line of a history: what happened, when, by whom.</summary>
public sealed record Happening(long Version, string Type, DateTimeOffset At, string? By, string? ByKind, string? CorrelationId, JsonElement? Data);

/// <summary>The volunteer's book.</summary>
public sealed class Ledger(GatewayApi api)
{
    /// <summary>The caller's book; <paramref name="after"/> is the cursor of a page, and <paramref name="q"/> words of an entry.</summary>
    public async Task<Book> Book(string? status = null, string? organisationId = null, string? taskType = null, string? year = null, string? after = null,
        string? q = null) =>
        (await api.Read<Book>("book" + Query(
            ("status", status), ("organisationId", organisationId), ("taskType", taskType), ("year", year), ("q", q), ("after", after),
            ("limit", "20")))).Value;

    /// <summary>The caller's book as it stood at a moment (null for now), for the work of a period.</summary>
    public async Task<BookAsOf> BookAsOf(DateTimeOffset? at, DateOnly? from, DateOnly? to, string? after = null, int limit = 20) =>
        (await api.Read<BookAsOf>("book/as-of" + Query(
            ("at", Moment(at)), ("from", Day(from)), ("to", Day(to)), ("after", after), ("limit", limit.ToString(CultureInfo.InvariantCulture))))).Value;

    /// <summary>What changed in the caller's book between two moments, the oldest first.</summary>
    public async Task<Page<BookChange>> Changes(DateTimeOffset? from, DateTimeOffset? to, string? after) =>
        (await api.Read<Page<BookChange>>("book/changes" + Query(("from", Moment(from)), ("to", Moment(to)), ("after", after), ("limit", "30")))).Value;

    /// <summary>An entry of the caller's with its version.</summary>
    public Task<Tagged<Entry>> Entry(Guid id) => api.Read<Entry>($"entries/{id}");

    /// <summary>Every change of an entry, oldest first.</summary>
    public async Task<IReadOnlyList<Happening>> History(Guid id) => (await api.Read<List<Happening>>($"entries/{id}/history")).Value;

    /// <summary>Puts an entry into the book.</summary>
    public Task<Outcome<Created>> Log(object entry, Form form) => api.Change<Created>(HttpMethod.Post, "entries", entry, form);

    /// <summary>Says anew what was done, while the organisation is not deciding.</summary>
    public Task<Outcome<NoBody>> Correct(Guid id, object correction, Form form) => api.Post($"entries/{id}/corrections", correction, form);

    /// <summary>Asks the organisation to change a confirmed entry; where nothing but own words and documents differ, they are changed.</summary>
    public Task<Outcome<NoBody>> Amend(Guid id, object amendment, Form form) => api.Post($"entries/{id}/amendments", amendment, form);

    /// <summary>Asks the organisation to confirm.</summary>
    public Task<Outcome<NoBody>> Submit(Guid id, Form form) => api.Post($"entries/{id}/submission", new { }, form);

    /// <summary>Takes an entry back for good; of a confirmed one, the amendment that waits for a decision.</summary>
    public Task<Outcome<NoBody>> Withdraw(Guid id, string? reason, Form form) => api.Post($"entries/{id}/withdrawal", new { reason }, form);

    static string? Moment(DateTimeOffset? moment) => moment?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
