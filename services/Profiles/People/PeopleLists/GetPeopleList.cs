using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.PeopleLists;

/// <summary>A volunteer who may be meant.</summary>
/// <param name="VolunteerId">The volunteer's code.</param>
/// <param name="DisplayName">Family name, given name, patronymic.</param>
/// <param name="AgreesInAll">
/// Everything that the sheet says of the person is true of this volunteer: the name in full as far as both tell it, and the address.
/// </param>
public sealed record Candidate(Guid VolunteerId, string DisplayName, bool AgreesInAll);

/// <summary>Somebody whom a sheet names.</summary>
/// <param name="Number">Their number within the sheet.</param>
/// <param name="Name">As the sheet says it.</param>
/// <param name="Email">As the sheet says it.</param>
/// <param name="Candidates">Who may be meant, of the volunteers who came to the organisation; those who agree in all first.</param>
public sealed record PersonOfList(int Number, string? Name, string? Email, IReadOnlyList<Candidate> Candidates);

/// <summary>
/// <c>GET /api/v1/organisations/{id}/people-lists/{listId}?numbers=1,2&amp;candidates=</c>: people of a sheet, and, unless <c>candidates=false</c>, who may
/// be meant. Only those are looked through who submitted an entry or applied to this organisation, whose names its coordinators may read anyway: whether
/// anybody else has a book, neither a name nor an address tells.
/// </summary>
public static class GetPeopleListEndpoint
{
    private const int MostNumbers = 200;
    private const int MostCandidates = 20;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/organisations/{id:guid}/people-lists/{listId:guid}", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("People in an attendance sheet, and which volunteers known to the organisation may be meant");

    private static async Task<Results<Ok<IReadOnlyList<PersonOfList>>, NotFound, ProblemHttpResult>> Handle(
        Guid id, Guid listId, string numbers, Caller caller, HttpContext http, IQuerySession session, IRegistry registry, PersonKeys keys, TimeProvider clock,
        CancellationToken ct, bool candidates = true)
    {
        var now = clock.GetUtcNow();
        var parts = numbers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length > MostNumbers || !parts.All(part => int.TryParse(part, out var number) && number > 0))
        {
            return Refusal.Invalid("numbers-malformed", "numbers", $"Give at most {MostNumbers} numbers, separated by commas.").ToProblem();
        }

        if (!await PeopleList.IsForAsync(session, registry, id, caller, now, ct)
            || await session.LoadAsync<PeopleList>(PeopleList.IdOf(id, listId), ct) is not { } list || list.At + PeopleList.KeptFor < now
            || await keys.Find(list.KeyId, ct) is not { } key)
        {
            return TypedResults.NotFound();
        }

        List<ListedPerson> people;
        using (key)
        {
            people = key.Open<List<ListedPerson>>(PeopleList.FieldSet, list.People);
        }

        var asked = parts.Select(int.Parse)
            .Distinct().Where(number => number <= people.Count).Order().ToDictionary(number => number, number => new WhoIsMeant(people[number - 1]));
        var found = asked.Keys.ToDictionary(number => number, _ => new List<Candidate>());
        await foreach (var (volunteer, details) in candidates ? session.AcquaintancesAsync(id, keys, ct) : AsyncEnumerable.Empty<(Guid, PersonalDetails)>())
        {
            foreach (var (number, meant) in asked)
            {
                if (meant.Agrees(details) is { } inAll)
                {
                    found[number].Add(new Candidate(volunteer, details.Name.ToString(), inAll));
                }
            }
        }

        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok<IReadOnlyList<PersonOfList>>([.. asked.Select(one => new PersonOfList(
            one.Key, one.Value.Person.Name, one.Value.Person.Email,
            [.. found[one.Key].OrderByDescending(candidate => candidate.AgreesInAll)
                .ThenBy(candidate => candidate.DisplayName, StringComparer.Ordinal).ThenBy(candidate => candidate.VolunteerId).Take(MostCandidates)]))]);
    }
}
