using System.Globalization;
using JasperFx.Events;
using Marten;
using Marten.Events;
using Marten.Linq.MatchesSql;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>What an administrator decided about an organisation.</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Organisation">What it is called now.</param>
/// <param name="ByName">What the administrator is called; null where they have said no name, or were erased.</param>
/// <param name="Change">The event: what, when, by whom, and why.</param>
public sealed record Decided(Guid OrganisationId, string Organisation, string? ByName, Change Change);

/// <summary>
/// GET /api/v1/organisations/decisions?by=&amp;after=&amp;limit=: what administrators decided about organisations, the latest first. It is read from the events
/// themselves; there is no second log.
/// </summary>
public static class ListDecisionsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/decisions", Handle)
            .RequireAuthorization(Policies.Administrator)
            .WithSummary("What administrators decided about organisations, the latest first, of one administrator or of all");

    private static async Task<Ok<Page<Decided>>> Handle(
        HttpContext http, IQuerySession session, INames names, CancellationToken ct, Guid? by = null, string? after = null, [PageSize] int? limit = null)
    {
        // Nobody but an administrator may do any of these.
        var found = session.Events.QueryAllRawEvents().Where(stored => stored.EventTypesAre(
            typeof(OrganisationApproved), typeof(OrganisationRefused), typeof(OrganisationSuspended), typeof(OrganisationReinstated),
            typeof(OrganisationCorrected)));
        if (by is { } person)
        {
            found = found.Where(stored => stored.MatchesSql("d.user_name = ?", person.ToString()));
        }

        if (Place(after) is { } last)
        {
            found = found.Where(stored => stored.Sequence < last);
        }

        var size = Cursor.Limit(limit);
        var rows = await found.OrderByDescending(stored => stored.Sequence).Take(size + 1).ToListAsync(ct);
        var shown = rows.Take(size).ToList();
        var called = (await session.LoadManyAsync<Organisation>(ct, shown.Select(stored => stored.StreamId).Distinct().ToArray()))
            .ToDictionary(organisation => organisation.Id, organisation => organisation.Name);
        var people = await names.OfAsync(session, [.. shown.Select(Author).OfType<Guid>().Distinct()], ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new Page<Decided>(
            [.. shown.Select(stored => new Decided(
                stored.StreamId, called[stored.StreamId], Author(stored) is { } author ? people.GetValueOrDefault(author) : null, Change.Of(stored)))],
            rows.Count > size ? shown[^1].Sequence.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static Guid? Author(IEvent stored) => Guid.TryParse(stored.UserName, out var person) ? person : null;

    // A place in this list is the number of the event before it.
    private static long? Place(string? after) =>
        string.IsNullOrEmpty(after) ? null
        : long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new RefusedException(Refusal.Invalid("malformed-cursor", "after", "The cursor must be the `next` of the previous page."));
}
