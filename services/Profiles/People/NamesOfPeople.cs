using Marten;
using VolunteerBook.Profiles.Invitations;
using VolunteerBook.Profiles.Organisations;
using VolunteerBook.Profiles.PersonalData;
using VolunteerBook.Profiles.Volunteers;

namespace VolunteerBook.Profiles.People;

/// <summary>What people are called: as their book says, else as they said for the work of an organisation. Who may know it, the endpoint decides.</summary>
internal static class NamesOfPeople
{
    /// <summary>
    /// Who chose to act for these organisations: registered one, or accepted its invitation. Their colleagues know them by name, also when they have gone. An appointment by id is nobody's own doing:
    /// a name learned by it would be anybody's to learn.
    /// </summary>
    public static async Task<IReadOnlySet<Guid>> ColleaguesAsync(this IQuerySession session, IReadOnlyCollection<Organisation> organisations, CancellationToken ct)
    {
        var of = organisations.Select(organisation => organisation.Id).ToArray();
        var accepted = await session.Query<Invitation>().Where(invitation => invitation.OrganisationId.IsOneOf(of) && invitation.Status == InvitationStatus.Accepted).ToListAsync(ct);
        return organisations.Select(organisation => organisation.RegisteredBy).Concat(accepted.Select(invitation => invitation.AcceptedBy!.Value)).ToHashSet();
    }

    /// <summary>Everybody of these who ever had a name; null where it was erased.</summary>
    public static async Task<IReadOnlyDictionary<Guid, PersonName?>> NamesOfAsync(this IQuerySession session, PersonKeys keys, IReadOnlyCollection<Guid> people, CancellationToken ct)
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
