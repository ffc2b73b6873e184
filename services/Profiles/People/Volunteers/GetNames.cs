using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Profiles.People.Names;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>A volunteer's or a colleague's name, for a coordinator or a deputy.</summary>
/// <param name="Id">The person's id.</param>
/// <param name="DisplayName">Family name, given name, patronymic; null once erased.</param>
/// <param name="Erased">The person's key was destroyed.</param>
public sealed record VolunteerName(Guid Id, string? DisplayName, bool Erased);

public static class GetNamesEndpoint
{
    private const int MostIds = 200;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/volunteers/names", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Names of volunteers who submitted an entry or applied to an organisation that you coordinate or deputise for, "
                + "and of colleagues there; others are left out");

    private static async Task<Results<Ok<IReadOnlyList<VolunteerName>>, ProblemHttpResult>> Handle(
        string ids, Caller caller, HttpContext http, IQuerySession session, IRegistry registry, PersonKeys keys, TimeProvider clock, CancellationToken ct)
    {
        var parts = ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > MostIds || !parts.All(part => Guid.TryParse(part, out _)))
        {
            return Refusal.Invalid("ids-malformed", "ids", $"Give at most {MostIds} ids, separated by commas.").ToProblem();
        }

        var asked = parts.Select(Guid.Parse).Distinct().ToArray();
        var work = await registry.WorkOfAsync(session, caller.Id, clock.GetUtcNow(), ct);
        var acquaintances = work.Organisations.SelectMany(organisation => asked.Select(id => Acquaintance.Of(organisation, id).Id)).ToArray();
        var colleagues = asked.Intersect(work.Colleagues);
        var known = (await session.LoadManyAsync<Acquaintance>(ct, acquaintances))
            .Select(acquaintance => acquaintance.VolunteerId).Concat(colleagues).Distinct().ToArray();

        var names = await session.NamesOfAsync(keys, known, ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<VolunteerName>>(
            [.. names.OrderBy(name => name.Key).Select(name => new VolunteerName(name.Key, name.Value?.ToString(), Erased: name.Value is null))]);
    }
}
