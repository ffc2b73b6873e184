namespace VolunteerBook.Portal.Tests;

/// <summary>Answers of the API that tests begin with.</summary>
internal static class Given
{
    public static object Statistics(params object[] byMonth) => new
    {
        minutes = 300,
        entries = 52,
        volunteers = 21,
        organisations = 1,
        byRegion = Enumerable.Range(0, 52).Select(i => new { key = $"RU-{i:00}", minutes = 60, entries = 1 }),
        byMonth,
        byTaskType = new[] { new { key = "D12", minutes = 300, entries = 52 } },
        byOrganisation = new[] { new { key = Guid.NewGuid().ToString(), minutes = 300, entries = 52, name = Long } },
    };

    public static object Month(string month, long minutes = 60) => new { key = month, minutes, entries = 1 };

    /// <summary>A name of 290 letters without a place to break it.</summary>
    public static string Long { get; } = "Межрегиональная" + new string('щ', 275);

    public static object Page(params object[] items) => new { items, next = (string?)null };

    public static object Shift(Guid? id = null, int free = 3) =>
        new { id = id ?? Guid.NewGuid(), start = "2027-05-08T10:00:00", zone = "Europe/Moscow", minutes = 240, places = 5, free, takesApplications = true };

    public static object Vacancy(Guid id, params object[] shifts) => new
    {
        id,
        organisationId = Guid.NewGuid(),
        organisationName = Long,
        title = Long,
        description = "Перчатки дадим.",
        taskType = "E12",
        region = "RU-MOW",
        shifts,
        status = "open",
        takesApplications = true,
    };

    public static object Application(Guid vacancy, string status, params Guid[] shifts) => new
    {
        id = Guid.NewGuid(),
        version = 1,
        vacancyId = vacancy,
        vacancyTitle = Long,
        organisationId = Guid.NewGuid(),
        volunteerId = Guid.NewGuid(),
        shifts = shifts.Select(shift => new { id = shift, start = "2027-05-08T10:00:00", zone = "Europe/Moscow", minutes = 240, attendance = (object?)null }),
        status,
    };

    public static object Profile(Guid person) =>
        new { id = person, name = new { family = Long[..100], given = "Анна" }, region = "RU-MOW", registeredAt = "2026-01-01T00:00:00Z" };

    public static object Total(string key, long entries) => new { key, minutes = 60 * entries, entries };

    public static object Grades() => new { signed = 60, confirmed = 0, matched = 0, checkedIn = 0, selfDeclared = 0 };

    public static object Entry(Guid id, string status) => new
    {
        id,
        version = 1,
        organisationId = Guid.NewGuid(),
        project = Long[..200],
        taskType = "E12",
        region = "RU-MOW",
        shifts = new[] { new { start = "2026-05-08T10:00:00", zone = "Europe/Moscow", minutes = 240 } },
        minutes = 240,
        claimedMinutes = 240,
        status,
        grade = "selfDeclared",
        source = "volunteer",
        loggedAt = "2026-05-09T00:00:00Z",
        documents = Array.Empty<object>(),
    };

    public static object Case(
        Guid id, Guid organisation, string status = "open", Guid? volunteer = null,
        bool canDecide = true, object? amends = null, object? dispute = null, object? decision = null, object? overtaken = null) =>
        new
        {
            id,
            entryId = Guid.NewGuid(),
            volunteerId = volunteer ?? Guid.NewGuid(),
            organisationId = organisation,
            project = Long[..200],
            taskType = "E12",
            region = "RU-MOW",
            shifts = new[] { new { start = "2026-05-08T10:00:00", zone = "Europe/Moscow", minutes = 240 } },
            minutes = 240,
            status,
            openedAt = "2026-05-09T00:00:00Z",
            dueAt = "2026-05-19T00:00:00Z",
            statement = "{}",
            canDecide,
            kids = Array.Empty<string>(),
            points = 0,
            amends,
            dispute,
            decision,
            overtaken,
        };

    public static object Words(string? description, params object[] documents) => new { description, documents };

    public static object Document(string title, string? uri = "https://files.example/1") => new { title, number = "№ 7", date = "2026-05-09", uri };
}
