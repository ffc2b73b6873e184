using System.Text;
using Marten;
using Marten.Linq.MatchesSql;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Cases;

/// <summary>A case as the queue shows it.</summary>
/// <param name="Version">The stream's version: the ETag.</param>
/// <param name="Minutes">Sum over the shifts.</param>
/// <param name="OpenedAt">When the entry was submitted, UTC.</param>
/// <param name="DueAt">First instant at which the organisation is late, UTC.</param>
/// <param name="Overdue">Whether it is late now.</param>
/// <param name="EscalatedAt">When it was escalated, UTC; null where it was not.</param>
/// <param name="Reminder">The administrator's last reminder; null where there was none.</param>
/// <param name="DecidedAt">When it was decided, UTC.</param>
/// <param name="DecidedBy">The subject of who decided.</param>
/// <param name="Reason">What the organisation told the volunteer when it rejected or returned.</param>
/// <param name="Amends">The confirmation that this one would change, or changed.</param>
public sealed record QueuedCase(
    Guid Id, int Version, Guid EntryId, int Revision, Guid VolunteerId, Guid OrganisationId, string Project, string TaskType, string Region,
    IReadOnlyList<Shift> Shifts, int Minutes,
    ResponsibilityLevel Level, string? Place, Volume? Volume, CaseStatus Status, DateTimeOffset OpenedAt, DateTimeOffset DueAt, bool Overdue,
    DateTimeOffset? EscalatedAt, Reminder? Reminder,
    DateTimeOffset? DecidedAt, string? DecidedBy, string? Reason, int Points, StandingConfirmation? Amends)
{
    public static QueuedCase Of(Case found, DateTimeOffset now) => new(
        found.Id, found.Version, found.EntryId, found.Revision, found.VolunteerId,
        found.OrganisationId, found.Project, found.TaskType, found.Region, found.Shifts, found.Minutes,
        found.Level, found.Place, found.Volume, found.Status, found.OpenedAt, found.DueAt, found.IsOverdue(now), found.EscalatedAt, found.Reminder,
        found.DecidedAt, found.DecidedBy, found.Reason, found.Points, found.Amends);
}

/// <summary>A page of a coordinator's cases.</summary>
/// <param name="Items">The cases, the oldest first.</param>
/// <param name="Matches">What the organisations' signed attendance sheets say to each of them (F11).</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
/// <param name="Open">How many open cases the organisation has that was asked for, or all of the coordinator's, whatever the other filters.</param>
/// <param name="OldestOpenedAt">When the oldest of these was opened, UTC.</param>
/// <param name="Overdue">How many of these are late.</param>
public sealed record Queue(
    IReadOnlyList<QueuedCase> Items, IReadOnlyDictionary<Guid, MatchKind> Matches, string? Next, int Open, DateTimeOffset? OldestOpenedAt, int Overdue);

/// <summary>
/// <c>GET /api/v1/cases</c>: the cases of the organisations that the caller coordinates, the oldest first (F9). <c>q</c> finds those whose project
/// contains it, whatever the case, and <c>volunteerIds</c> those of these volunteers; with both, whatever either finds.
/// </summary>
public static class GetQueueEndpoint
{
    private const int MostVolunteers = 200;

    // Letters by the rules of Unicode: what a cluster takes for lower case depends on its locale, and a C locale knows no Cyrillic.
    private const string Found =
        """
        (? <> '' and strpos(replace(lower(d.data ->> 'project' collate "und-x-icu"), 'ё', 'е'), ?) > 0 or d.data ->> 'volunteerId' = any(?))
        """;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/cases", Handle).RequireAuthorization(Policies.Coordinator).WithSummary("A coordinator's cases, oldest first");

    private static async Task<Ok<Queue>> Handle(
        Caller caller, IQuerySession session, NpgsqlDataSource database, TimeProvider clock, CancellationToken ct,
        string? status = null, Guid? organisationId = null, string? region = null,
        string? taskType = null, string? match = null, bool? disputed = null, bool? overdue = null,
        string? q = null, string? volunteerIds = null, string? after = null, [PageSize] int? limit = null)
    {
        var people = (volunteerIds ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (Refusal.All([
            VocabularyRules.Filter(region, taskType), Rules.OptionalText("q", q, 100),
            people.Length <= MostVolunteers && people.All(id => Guid.TryParse(id, out _))
                ? null
                : Refusal.Invalid("ids-malformed", "volunteerIds", $"Give at most {MostVolunteers} ids, separated by commas."),
        ]) is { } refusal)
        {
            throw new RefusedException(refusal);
        }

        var wanted = Rules.OneOf<CaseStatus>("status", status) ?? CaseStatus.Open;
        var size = Cursor.Limit(limit);
        var cursor = Cursor.Parse(after);
        var now = clock.GetUtcNow();
        var mine = await session.CoordinatedByAsync(caller, now, ct);
        var asked = organisationId is { } one ? mine.Where(id => id == one).ToArray() : mine.ToArray();
        var open = session.Query<Case>().Where(found => found.Status == CaseStatus.Open && found.OrganisationId.IsOneOf(asked));
        var cases = session.Query<Case>().Where(found => found.Status == wanted && found.OrganisationId.IsOneOf(asked));
        if (!string.IsNullOrEmpty(region))
        {
            cases = cases.Where(found => found.Region == region);
        }

        if (!string.IsNullOrEmpty(taskType))
        {
            cases = cases.Where(found => found.TaskType == taskType);
        }

        if (disputed is { } wantsDisputed)
        {
            cases = cases.Where(found => found.InDispute == wantsDisputed);
        }

        if (Rules.OneOf<MatchKind>("match", match) is { } kind)
        {
            cases = cases.Where(found => found.MatchesSql("coalesce((select kind from case_matches where case_id = d.id), 'Unknown') = ?", kind.ToString()));
        }

        if (overdue is { } late)
        {
            cases = late
                ? cases.Where(found => found.Status == CaseStatus.Open && found.DueAt <= now)
                : cases.Where(found => found.Status != CaseStatus.Open || found.DueAt > now);
        }

        if (!string.IsNullOrWhiteSpace(q) || people.Length > 0)
        {
            var text = (q ?? "").Trim().Normalize(NormalizationForm.FormC).ToLowerInvariant().Replace('ё', 'е');
            var ids = people.Select(id => Guid.Parse(id).ToString()).ToArray();
            cases = cases.Where(found => found.MatchesSql(Found, text, text, ids));
        }

        if (cursor is { } place)
        {
            cases = cases.Where(found => found.OpenedAt > place.At || (found.OpenedAt == place.At && found.Id.CompareTo(place.Id) > 0));
        }

        var rows = await cases.OrderBy(found => found.OpenedAt).ThenBy(found => found.Id).Take(size + 1).ToListAsync(ct);
        var page = Page.Of(rows, size, found => new Cursor(found.OpenedAt, found.Id));
        var oldest = await open.OrderBy(found => found.OpenedAt).Take(1).ToListAsync(ct);
        var matches = (await session.MatchesAsync(database, page.Items, ct)).ToDictionary(found => found.Key, found => found.Value.Kind);
        return TypedResults.Ok(new Queue(
            [.. page.Items.Select(found => QueuedCase.Of(found, now))], matches, page.Next, await open.CountAsync(ct),
            oldest is [var first] ? first.OpenedAt : null,
            await open.CountAsync(found => found.DueAt <= now, ct)));
    }
}
