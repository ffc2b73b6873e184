using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Profiles.People.PeopleLists;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>
/// <c>GET /api/v1/organisations/{id}/people?q=</c>: volunteers who submitted an entry or applied to this organisation, by the beginnings of their names.
/// </summary>
public static class FindPeopleEndpoint
{
    private const int Most = 200;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/people", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Volunteers who submitted an entry or applied to an organisation that you coordinate or deputise for, by name; at most 200");

    private static async Task<Results<Ok<IReadOnlyList<VolunteerName>>, NotFound, ProblemHttpResult>> Handle(
        Guid id, string q, Caller caller, HttpContext http, IQuerySession session, IRegistry registry, PersonKeys keys, TimeProvider clock,
        CancellationToken ct)
    {
        if (Rules.Text("q", q, 100) is { } refusal)
        {
            return refusal.ToProblem();
        }

        if (!await PeopleList.IsForAsync(session, registry, id, caller, clock.GetUtcNow(), ct))
        {
            return TypedResults.NotFound();
        }

        var words = WhoIsMeant.Words(q);
        List<VolunteerName> found = [];
        // Signs alone name nobody: nothing is opened for them.
        var known = words.Length > 0 ? session.AcquaintancesAsync(id, keys, ct) : AsyncEnumerable.Empty<(Guid Id, PersonalDetails Details)>();
        await foreach (var (volunteer, details) in known)
        {
            var name = details.Name.ToString();
            if (HasAll(WhoIsMeant.Words(name), words))
            {
                found.Add(new VolunteerName(volunteer, name, Erased: false));
            }
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<VolunteerName>>(
            [.. found.OrderBy(name => name.DisplayName, StringComparer.Ordinal).ThenBy(name => name.Id).Take(Most)]);
    }

    // «ив ан» is Иванова Анна, in whatever order the words stand.
    private static bool HasAll(string[] name, string[] words) => words.All(word => name.Any(own => own.StartsWith(word, StringComparison.Ordinal)));
}
