using Marten;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Organisations;

/// <summary>For which organisations a caller may decide now.</summary>
internal static class CallersOrganisations
{
    public static async Task<IReadOnlyList<Guid>> CoordinatedByAsync(this IQuerySession session, Caller caller, DateTimeOffset now, CancellationToken ct)
    {
        var person = caller.Id;
        var candidates = await session.Query<Organisation>()
            .Where(organisation => organisation.Coordinators.Any(coordinator => coordinator.PersonId == person))
            .ToListAsync(ct);
        return [.. candidates.Where(organisation => organisation.IsCoordinator(person, now)).Select(organisation => organisation.Id)];
    }
}
