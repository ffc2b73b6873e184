using System.Globalization;
using VolunteerBook.Portal.Forms;
using static VolunteerBook.Portal.Api.GatewayApiSetup;

namespace VolunteerBook.Portal.Api;

/// <summary>A shift that an organisation offers, with the number of places and how many of them are free.</summary>
public sealed record OfferedShift(Guid Id, DateTime Start, string Zone, int Minutes, int? Places, int? Free, bool TakesApplications = true, bool Later = false);

/// <summary>A vacancy; <paramref name="Status"/> is open or closed.</summary>
public sealed record Vacancy(
    Guid Id, Guid OrganisationId, string? OrganisationName, string Title, string? Description, string TaskType, string Region,
    IReadOnlyList<OfferedShift> Shifts, string Status, DateTimeOffset? PublishedAt, string? ClosureReason, bool TakesApplications = true);

/// <summary>Attendance that a coordinator recorded for a shift.</summary>
public sealed record Attendance(int Minutes, DateTimeOffset? At);

/// <summary>A shift that was applied for; <paramref name="Attendance"/> is null where nothing was recorded.</summary>
public sealed record AppliedShift(Guid Id, DateTime Start, string Zone, int Minutes, Attendance? Attendance, bool Later = false);

/// <summary>
/// An application; <paramref name="Status"/>: submitted, accepted, declined or withdrawn; <paramref name="Version"/> is the number of its ETag.
/// </summary>
public sealed record VacancyApplication(
    Guid Id, int Version, Guid VacancyId, string VacancyTitle, Guid OrganisationId, Guid VolunteerId, IReadOnlyList<AppliedShift> Shifts,
    string? Message, string Status, DateTimeOffset? SubmittedAt, string? Reason)
{
    /// <summary>For <c>If-Match</c>.</summary>
    public string ETag => $"\"{Version}\"";

    /// <summary>A shift was worked: the application is done.</summary>
    public bool Worked => Shifts.Any(shift => shift.Attendance is not null);
}

/// <summary>Vacancies and applications.</summary>
public sealed class Vacancies(GatewayApi api)
{
    /// <summary>Vacancies of one status: the newest first, or by <paramref name="sort"/> <c>start</c> what comes next.</summary>
    public async Task<Page<Vacancy>> List(
        string? search, string? region, string? taskType, string? organisationId, string? status, string? sort, string? after) =>
        (await api.Read<Page<Vacancy>>("vacancies" + Query(
            ("q", search), ("region", region), ("taskType", taskType), ("organisationId", organisationId),
            ("status", status), ("sort", sort), ("after", after), ("limit", "20")))).Value;

    /// <summary>Ids of what is open, as many as the API gives at once, the newest first.</summary>
    public async Task<Page<Identified>> OpenIds(string? after) =>
        (await api.Read<Page<Identified>>("vacancies" + Query(("status", "open"), ("after", after), ("limit", Most)))).Value;

    /// <summary>A vacancy with its version.</summary>
    public Task<Tagged<Vacancy>> Vacancy(Guid id) => api.Read<Vacancy>($"vacancies/{id}");

    /// <summary>Publishes a vacancy.</summary>
    public Task<Outcome<Created>> Publish(object vacancy, Form form) => api.Change<Created>(HttpMethod.Post, "vacancies", vacancy, form);

    /// <summary>Takes no more applications.</summary>
    public Task<Outcome<NoBody>> Close(Guid id, string? reason, Form form) => api.Post($"vacancies/{id}/closure", new { reason }, form);

    /// <summary>Applies to shifts of a vacancy.</summary>
    public Task<Outcome<Created>> Apply(Guid id, object application, Form form) =>
        api.Change<Created>(HttpMethod.Post, $"vacancies/{id}/applications", application, form);

    /// <summary>The caller's own applications.</summary>
    public async Task<Page<VacancyApplication>> Applications(string? after = null, int? limit = null) =>
        (await api.Read<Page<VacancyApplication>>("applications" + Query(("after", after), ("limit", limit?.ToString(CultureInfo.InvariantCulture))))).Value;

    /// <summary>The caller's own applications to one vacancy: each for other shifts. None while the service is away.</summary>
    public async Task<IReadOnlyList<VacancyApplication>> ApplicationsOfMineTo(Guid vacancyId) =>
        (await api.ReadOrNull<Page<VacancyApplication>>("applications" + Query(("vacancyId", vacancyId.ToString()), ("limit", "200"))))?.Items ?? [];

    /// <summary>Applications to a vacancy of an organisation that the caller coordinates.</summary>
    public async Task<Page<VacancyApplication>> ApplicationsTo(Guid vacancyId, string? after = null) =>
        (await api.Read<Page<VacancyApplication>>($"vacancies/{vacancyId}/applications" + Query(("after", after)))).Value;

    /// <summary>An application with its version.</summary>
    public Task<Tagged<VacancyApplication>> Application(Guid id) => api.Read<VacancyApplication>($"applications/{id}");

    /// <summary>Every change of an application, oldest first.</summary>
    public async Task<IReadOnlyList<Happening>> History(Guid id) => (await api.Read<List<Happening>>($"applications/{id}/history")).Value;

    /// <summary>Takes an application back.</summary>
    public Task<Outcome<NoBody>> Withdraw(Guid id, Form form) => api.Post($"applications/{id}/withdrawal", new { }, form);

    /// <summary>Accepts an application.</summary>
    public Task<Outcome<NoBody>> Accept(Guid id, Form form) => api.Post($"applications/{id}/acceptance", new { }, form);

    /// <summary>Declines an application.</summary>
    public Task<Outcome<NoBody>> Refuse(Guid id, string reason, Form form) => api.Post($"applications/{id}/refusal", new { reason }, form);

    /// <summary>Records that a shift was worked, in whole minutes; it becomes an entry of the volunteer's book.</summary>
    public Task<Outcome<NoBody>> RecordAttendance(Guid id, Guid shiftId, int minutes, Form form) =>
        api.Post($"applications/{id}/attendance", new { shiftId, minutes }, form);
}
