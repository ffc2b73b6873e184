using Marten;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.Profiles.People.Volunteers;

namespace VolunteerBook.Profiles.People.Names;

/// <summary>What people are called: as their book says, else as they said for the work of an organisation. Who may know it, the endpoint decides.</summary>
internal static class NamesOfPeople
{
    /// <summary>Everybody of these who ever had a name; null where it was erased.</summary>
    public static async Task<IReadOnlyDictionary<Guid, PersonName?>> NamesOfAsync(
        this IQuerySession session, PersonKeys keys, IReadOnlyCollection<Guid> people, CancellationToken ct)
    {
        var books = (await session.LoadManyAsync<Volunteer>(ct, people.ToArray())).ToDictionary(volunteer => volunteer.Id);
        var named = (await session.LoadManyAsync<NamedPerson>(ct, people.Select(NamedPerson.IdOf).ToArray())).ToDictionary(person => person.PersonId);
        var names = new Dictionary<Guid, PersonName?>();
        foreach (var (id, key) in await keys.Find(people, ct))
        {
            using (key)
            {
                if (books.GetValueOrDefault(id) is { } volunteer)
                {
                    names[id] = key.Open<PersonalDetails>(PersonalDetails.FieldSet, volunteer.Personal).Name;
                }
                else if (named.GetValueOrDefault(id) is { } person)
                {
                    names[id] = key.Open<PersonName>(NamedPerson.FieldSet, person.Personal);
                }
            }
        }

        foreach (var erased in books.Keys.Concat(named.Keys))
        {
            names.TryAdd(erased, null);
        }

        return names;
    }
}
