using System.Text.Json;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Demo;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>The id of what was made.</summary>
public sealed record Made(Guid Id);

/// <summary>A person's name.</summary>
public sealed record PersonName(string Family, string Given, string? Patronymic = null);

/// <summary>How to reach a person.</summary>
public sealed record Contacts(string? Email = null, string? Phone = null);

/// <summary>Body of <c>POST volunteers</c>.</summary>
/// <param name="Name">The person's name.</param>
/// <param name="BirthDate">Birth date.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Contacts">How to reach the person.</param>
/// <param name="Consent">The text by which they consent to the processing of their data.</param>
public sealed record NewVolunteer(PersonName Name, DateOnly BirthDate, string Region, Contacts Contacts, string? Consent = ConsentTexts.Current);

/// <summary>Body of <c>POST organisations</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ogrn">Its ОГРН.</param>
/// <param name="Region">ISO 3166-2 code.</param>
public sealed record NewOrganisation(string Name, string Ogrn, string Region);

/// <summary>An organisation as lists show it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Ogrn">Its ОГРН.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Status"><c>pending</c>, <c>approved</c> or <c>refused</c>.</param>
public sealed record Organisation(Guid Id, string Name, string Ogrn, string Region, string Status);

/// <summary>A published signing key of an organisation.</summary>
/// <param name="Kid">Its name: the thumbprint.</param>
/// <param name="Name">What the coordinators call it.</param>
/// <param name="Jwk">The public key.</param>
/// <param name="ValidFrom">First instant at which a signature counts.</param>
/// <param name="ValidUntil">First instant at which it no longer counts; null for no end.</param>
/// <param name="RevokedAt">When it was revoked; null where it is not.</param>
public sealed record SigningKey(string Kid, string? Name, PublicJwk Jwk, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset? RevokedAt);

/// <summary>Body of <c>POST entries</c>.</summary>
/// <param name="OrganisationId">The receiving organisation.</param>
/// <param name="Project">Its project.</param>
/// <param name="TaskType">ICNP/TSO code.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Shifts">The shifts worked.</param>
/// <param name="Description">Own words.</param>
/// <param name="Submit">Whether to ask the organisation to confirm at once.</param>
public sealed record NewEntry(
    Guid OrganisationId, string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts, string? Description = null, bool Submit = true);

/// <summary>Body of <c>POST entries/{id}/corrections</c>.</summary>
/// <param name="Project">The project.</param>
/// <param name="TaskType">ICNP/TSO code.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Shifts">The shifts worked.</param>
/// <param name="Reason">Why it is corrected.</param>
/// <param name="Description">Own words.</param>
public sealed record Correction(string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts, string Reason, string? Description = null);

/// <summary>A reason, given for a decision or a change.</summary>
public sealed record Because(string? Reason);

/// <summary>What was logged.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Status"><c>draft</c> or <c>submitted</c>.</param>
/// <param name="Minutes">Sum over the shifts.</param>
public sealed record EntryReceipt(Guid Id, string Status, int Minutes);

/// <summary>An entry of your book.</summary>
public sealed record Entry(
    Guid Id, Guid VolunteerId, Guid OrganisationId, string Project, string TaskType, string Region, string? Description, IReadOnlyList<Shift> Shifts,
    int Minutes, string Status, Guid? CaseId, string Source, DateTimeOffset LoggedAt, DateTimeOffset? SubmittedAt, DateTimeOffset? DecidedAt);

/// <summary>A sum over entries that have something in common.</summary>
/// <param name="Key">What they have in common, e.g. a status or an organisation's id.</param>
/// <param name="Minutes">Sum of their minutes.</param>
/// <param name="Entries">How many they are.</param>
public sealed record Total(string Key, long Minutes, long Entries);

/// <summary>The sums of a whole book. Withdrawn and rejected entries are counted in <see cref="ByStatus"/> only.</summary>
public sealed record BookTotals(
    long Minutes, long Entries, IReadOnlyList<Total> ByStatus, IReadOnlyList<Total> ByOrganisation,
    IReadOnlyList<Total> ByTaskType, IReadOnlyList<Total> ByYear)
{
    /// <summary>Minutes of the entries with this status.</summary>
    public long MinutesOf(string status) => ByStatus.FirstOrDefault(total => total.Key == status)?.Minutes ?? 0;
}

/// <summary>A page of a book, with the sums of the whole of it.</summary>
public sealed record Book(IReadOnlyList<Entry> Items, string? Next, BookTotals Totals);

/// <summary>One change of a stream: what, when, by whom.</summary>
/// <param name="Version">The stream's version after it.</param>
/// <param name="Type">The event's name.</param>
/// <param name="At">When.</param>
/// <param name="By">The author's subject.</param>
/// <param name="ByKind"><c>person</c>, <c>machine</c> or <c>service</c>.</param>
/// <param name="CorrelationId">Ties together all that one request brought about.</param>
/// <param name="Data">The event.</param>
public sealed record Change(long Version, string Type, DateTimeOffset At, string? By, string? ByKind, string? CorrelationId, JsonElement Data);

/// <summary>A case in a coordinator's queue.</summary>
public sealed record CaseItem(
    Guid Id, Guid EntryId, Guid VolunteerId, Guid OrganisationId, string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts,
    int Minutes, string Status, DateTimeOffset OpenedAt);

/// <summary>A page of a coordinator's queue.</summary>
/// <param name="Items">The cases, oldest first.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
/// <param name="Open">How many cases wait for a decision.</param>
/// <param name="OldestOpenedAt">Since when the oldest of them does.</param>
public sealed record Queue(IReadOnlyList<CaseItem> Items, string? Next, int? Open, DateTimeOffset? OldestOpenedAt);

/// <summary>How a case was decided.</summary>
/// <param name="By">The subject who decided; null where the volunteer took the entry back.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why it was rejected or returned.</param>
/// <param name="Kid">The key that signed a confirmation.</param>
/// <param name="Signature">The compact JWS of a confirmation.</param>
public sealed record CaseDecision(string? By, DateTimeOffset At, string? Reason, string? Kid, string? Signature);

/// <summary>A case in full.</summary>
/// <param name="Id">The case.</param>
/// <param name="EntryId">The entry it is about.</param>
/// <param name="Status"><c>open</c>, <c>confirmed</c>, <c>rejected</c>, <c>returned</c> or <c>cancelled</c>.</param>
/// <param name="Minutes">Sum over the shifts.</param>
/// <param name="Statement">What a confirmation signs: canonical JSON (RFC 8785).</param>
/// <param name="Decision">How it was decided; null while it is open.</param>
public sealed record Case(Guid Id, Guid EntryId, string Status, int Minutes, string Statement, CaseDecision? Decision);

/// <summary>Body of <c>POST cases/{id}/confirmation</c>.</summary>
/// <param name="Signature">Compact JWS, ES256, over the statement.</param>
public sealed record Confirmation(string Signature);

/// <summary>A shift that a vacancy offers, local start with zone.</summary>
public sealed record NewVacancyShift(DateTime Start, string Zone, int Minutes, int Places);

/// <summary>Body of <c>POST vacancies</c>.</summary>
public sealed record NewVacancy(Guid OrganisationId, string Title, string Description, string TaskType, string Region, IReadOnlyList<NewVacancyShift> Shifts);

/// <summary>A shift of a vacancy.</summary>
public sealed record VacancyShift(Guid Id, DateTime Start, string Zone, int Minutes, int Places);

/// <summary>A vacancy.</summary>
public sealed record Vacancy(Guid Id, Guid OrganisationId, string Title, string TaskType, string Region, string Status, IReadOnlyList<VacancyShift> Shifts);

/// <summary>Body of <c>POST vacancies/{id}/applications</c>.</summary>
public sealed record NewApplication(string? Message, IReadOnlyList<Guid> ShiftIds);

/// <summary>Body of <c>POST applications/{id}/attendance</c>.</summary>
public sealed record Attendance(Guid ShiftId, int Minutes);

/// <summary>An application.</summary>
public sealed record Application(Guid Id, Guid VacancyId, Guid VolunteerId, string Status);

/// <summary>The open statistics of confirmed hours.</summary>
public sealed record Statistics(
    long Minutes, long Entries, long Volunteers, long Organisations,
    IReadOnlyList<Total> ByRegion, IReadOnlyList<Total> ByMonth, IReadOnlyList<Total> ByTaskType,
    IReadOnlyList<Total> ByOrganisation);
