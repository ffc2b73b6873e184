using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Profiles.Organisations;
using VolunteerBook.Profiles.PersonalData;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Volunteers;

/// <summary>A volunteer's name, for a coordinator or a deputy.</summary>
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
            .WithSummary("Names of volunteers who submitted an entry or applied to an organisation that the caller coordinates or deputises for; others are left out");

    private static async Task<Results<Ok<IReadOnlyList<VolunteerName>>, ProblemHttpResult>> Handle(
        string ids, Caller caller, HttpContext http, IQuerySession session, PersonKeys keys, TimeProvider clock, CancellationToken ct)
    {
        var parts = ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > MostIds || !parts.All(part => Guid.TryParse(part, out _)))
        {
            return Refusal.Invalid("ids-malformed", "ids", $"At most {MostIds} GUIDs, with commas between").ToProblem();
        }

        var asked = parts.Select(Guid.Parse).Distinct().ToArray();
        var now = clock.GetUtcNow();
        var organisations = (await session.CoordinatedByAsync(caller.Id, now, ct)).Concat(await session.DeputisedByAsync(caller.Id, now, ct));
        var acquaintances = organisations.DistinctBy(organisation => organisation.Id).SelectMany(organisation => asked.Select(id => Acquaintance.Of(organisation.Id, id).Id)).ToArray();
        var known = (await session.LoadManyAsync<Acquaintance>(ct, acquaintances)).Select(acquaintance => acquaintance.VolunteerId).Distinct().ToArray();

        var volunteers = await session.LoadManyAsync<Volunteer>(ct, known);
        var theirKeys = await keys.Find(known, ct);
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<VolunteerName>>([.. volunteers.OrderBy(volunteer => volunteer.Id).Select(volunteer =>
        {
            using var key = theirKeys.GetValueOrDefault(volunteer.Id);
            var details = key?.Open<PersonalDetails>(PersonalDetails.FieldSet, volunteer.Personal);
            return new VolunteerName(volunteer.Id, details?.Name.ToString(), Erased: details is null);
        })]);
    }
}
