using System.Runtime.CompilerServices;
using Marten;
using VolunteerBook.Profiles.People.PersonalData;

namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>Reads those who came to an organisation.</summary>
internal static class Acquaintances
{
    private const int AtOnce = 500;

    /// <summary>
    /// All of them with what is known of each. Opened some at a time, and not kept: names lie sealed, so that no index of them can be searched.
    /// </summary>
    public static async IAsyncEnumerable<(Guid Id, PersonalDetails Details)> AcquaintancesAsync(
        this IQuerySession session, Guid organisation, PersonKeys keys, [EnumeratorCancellation] CancellationToken ct)
    {
        var known = await session.Query<Acquaintance>()
            .Where(acquaintance => acquaintance.OrganisationId == organisation).Select(acquaintance => acquaintance.VolunteerId).ToListAsync(ct);
        foreach (var some in known.Chunk(AtOnce))
        {
            var volunteers = await session.LoadManyAsync<Volunteer>(ct, some);
            var theirKeys = await keys.Find(some, ct);
            foreach (var volunteer in volunteers)
            {
                using var key = theirKeys.GetValueOrDefault(volunteer.Id);
                if (key?.Open<PersonalDetails>(PersonalDetails.FieldSet, volunteer.Personal) is { } details)
                {
                    yield return (volunteer.Id, details);
                }
            }
        }
    }
}
