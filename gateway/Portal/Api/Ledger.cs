using System.Text.Json;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>An entry of the book. <paramref name="Status"/>: draft, submitted, confirmed, rejected, returned or withdrawn.</summary>
public sealed record Entry(
    Guid Id, Guid VolunteerId, Guid OrganisationId, string Project, string TaskType, string Region, string? Description, IReadOnlyList<Shift> Shifts,
    int Minutes, string Status, Guid? CaseId, string? Source, DateTimeOffset LoggedAt, DateTimeOffset? SubmittedAt, DateTimeOffset? DecidedAt);

/// <summary>A line of totals: minutes and number of entries under a key.</summary>
public sealed record Total(string Key, long Minutes, long Entries, string? Name = null);

/// <summary>Totals of the whole book.</summary>
public sealed record BookTotals(
    long Minutes, long Entries, IReadOnlyList<Total> ByStatus, IReadOnlyList<Total> ByOrganisation, IReadOnlyList<Total> ByTaskType, IReadOnlyList<Total> ByYear);

/// <summary>A page of the book, newest shift first, with the totals of all of it.</summary>
public sealed record Book(IReadOnlyList<Entry> Items, string? Next, BookTotals Totals);

/// <summary>A line of a history: what happened, when, by whom.</summary>
public sealed record Happening(long Version, string Type, DateTimeOffset At, string? By, string? ByKind, string? CorrelationId, JsonElement? Data);

/// <summary>The volunteer's book.</summary>
public sealed class Ledger(GatewayApi api)
{
    /// <summary>The caller's book; <paramref name="after"/> is the cursor of a page.</summary>
    public async Task<Book> Book(string? status = null, string? organisationId = null, string? taskType = null, string? year = null, string? after = null) =>
        (await api.Read<Book>("book" + Query(
            ("status", status), ("organisationId", organisationId), ("taskType", taskType), ("year", year), ("after", after), ("limit", "20")))).Value;

    /// <summary>An entry of the caller's with its version.</summary>
    public Task<Tagged<Entry>> Entry(Guid id) => api.Read<Entry>($"entries/{id}");

    /// <summary>Every change of an entry, oldest first.</summary>
    public async Task<IReadOnlyList<Happening>> History(Guid id) => (await api.Read<List<Happening>>($"entries/{id}/history")).Value;

    /// <summary>Puts an entry into the book.</summary>
    public Task<Outcome<Created>> Log(object entry, Form form) => api.Change<Created>(HttpMethod.Post, "entries", entry, form);

    /// <summary>Says anew what was done, while the organisation is not deciding.</summary>
    public Task<Outcome<NoBody>> Correct(Guid id, object correction, Form form) => api.Post($"entries/{id}/corrections", correction, form);

    /// <summary>Asks the organisation to confirm.</summary>
    public Task<Outcome<NoBody>> Submit(Guid id, Form form) => api.Post($"entries/{id}/submission", new { }, form);

    /// <summary>Takes an entry back for good.</summary>
    public Task<Outcome<NoBody>> Withdraw(Guid id, string? reason, Form form) => api.Post($"entries/{id}/withdrawal", new { reason }, form);
}
