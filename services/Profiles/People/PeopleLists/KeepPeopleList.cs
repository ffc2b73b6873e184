using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.PeopleLists;

/// <summary>
/// <c>PUT /api/v1/organisations/{id}/people-lists/{listId}</c>: keeps the people of a sheet whom it names otherwise than by
/// their code. Keeping a list again replaces it.
/// </summary>
/// <param name="People">From 1 to 10,000; their numbers are their places, from 1.</param>
public sealed record KeepPeopleList(IReadOnlyList<ListedPerson> People);

public static class KeepPeopleListEndpoint
{
    private const int MostPeople = 10_000;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/organisations/{id:guid}/people-lists/{listId:guid}", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Keep the people in an attendance sheet so that they can be identified")
            .WithExample(new KeepPeopleList([new ListedPerson("Иванова Анна Петровна", null), new ListedPerson(null, "petr@example.org")]));

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, Guid listId, KeepPeopleList command, Caller caller, IDocumentSession session,
        IRegistry registry, PersonKeys keys, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (!await PeopleList.IsForAsync(session, registry, id, caller, now, ct))
        {
            return TypedResults.NotFound();
        }

        if (Check(command) is { } refusal)
        {
            return refusal.ToProblem();
        }

        var known = await session.LoadAsync<PeopleList>(PeopleList.IdOf(id, listId), ct);
        using var key = (await keys.FindOrCreate(Guid.CreateVersion7(), ct))!;
        session.Store(new PeopleList(PeopleList.IdOf(id, listId), id, key.PersonId, key.Seal(PeopleList.FieldSet, command.People), now));
        await session.SaveChangesAsync(ct);
        if (known is not null)
        {
            await keys.Destroy(known.KeyId, ct);
        }

        return TypedResults.NoContent();
    }

    /// <summary>Pure: all that is wrong with it, or null.</summary>
    public static Refusal? Check(KeepPeopleList command) =>
        command.People is not { Count: > 0 and <= MostPeople } people ? Refusal.Invalid("people-out-of-range", "people", $"Give 1 to {MostPeople} people.")
        : Refusal.All(people.Select((person, index) =>
            person?.Name is null && person?.Email is null ? Refusal.Invalid("text-missing", $"people[{index}]", "Give a name or an e-mail address.")
            : Rules.OptionalLine($"people[{index}].name", person.Name, 300) ?? Rules.OptionalLine($"people[{index}].email", person.Email, 254)));
}
