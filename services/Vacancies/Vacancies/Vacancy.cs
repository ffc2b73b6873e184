using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>Whether a vacancy was closed. A vacancy whose shifts are past is open until its organisation closes it.</summary>
public enum VacancyStatus
{
    Open,
    Closed,
}

/// <summary>An organisation's call for volunteers, and the places that it gave away.</summary>
public sealed record Vacancy
{
    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public Guid OrganisationId { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    public required string TaskType { get; init; }

    public required string Region { get; init; }

    public required IReadOnlyList<VacancyShift> Shifts { get; init; }

    public VacancyStatus Status { get; init; }

    public DateTimeOffset PublishedAt { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosureReason { get; init; }

    /// <summary>Which accepted application holds places in which shifts.</summary>
    public IReadOnlyList<HeldPlaces> Held { get; init; } = [];

    /// <summary>Title and description as they are searched, see <see cref="Vacancies.SearchText"/>.</summary>
    public string SearchText => SearchWords.Fold(Title + "\n" + Description);

    public VacancyShift? Shift(Guid id) => Shifts.FirstOrDefault(shift => shift.Id == id);

    /// <summary>How many places of a shift nobody holds.</summary>
    public int Free(VacancyShift shift) => shift.Places - Held.Count(places => places.ShiftIds.Contains(shift.Id));

    /// <summary>Applications are taken until the vacancy is closed or its last shift is over: whoever comes late can still help.</summary>
    public bool TakesApplications(DateTimeOffset now) => Status == VacancyStatus.Open && Shifts.Any(shift => !IsOver(shift, now));

    public static bool IsOver(VacancyShift shift, DateTimeOffset now) => shift.Planned().StartsAt().AddMinutes(shift.Minutes) <= now;

    public static Vacancy Create(VacancyPublished e) => new()
    {
        OrganisationId = e.OrganisationId,
        Title = e.Title,
        Description = e.Description,
        TaskType = e.TaskType,
        Region = e.Region,
        Shifts = e.Shifts,
        PublishedAt = e.At,
    };

    public Vacancy Apply(VacancyClosed e) => this with { Status = VacancyStatus.Closed, ClosedAt = e.At, ClosureReason = e.Reason };

    public Vacancy Apply(PlacesTaken e) => this with { Held = [.. Held, new HeldPlaces(e.ApplicationId, e.ShiftIds)] };

    public Vacancy Apply(PlacesFreed e) => this with { Held = [.. Held.Where(places => places.ApplicationId != e.ApplicationId)] };
}

/// <summary>The places that an accepted application holds: one in each of these shifts.</summary>
/// <param name="ApplicationId">The application.</param>
/// <param name="ShiftIds">The shifts.</param>
public sealed record HeldPlaces(Guid ApplicationId, IReadOnlyList<Guid> ShiftIds);
