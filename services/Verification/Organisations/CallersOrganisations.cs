using Marten;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Organisations;

/// <summary>For which organisations a caller may decide now, by appointment or as a deputy.</summary>
internal static class CallersOrganisations
{
    public static async Task<IReadOnlyList<Guid>> CoordinatedByAsync(this IQuerySession session, Caller caller, DateTimeOffset now, CancellationToken ct) =>
        [.. (await session.OrganisationsOfAsync(caller, ct))
            .Where(organisation => organisation.IsCoordinator(caller.Id, now)).Select(organisation => organisation.Id)];

    /// <summary>Organisations where the caller is or was a coordinator or a deputy, or will be.</summary>
    public static async Task<IReadOnlyList<Organisation>> OrganisationsOfAsync(this IQuerySession session, Caller caller, CancellationToken ct)
    {
        var person = caller.Id;
        return await session.Query<Organisation>()
            .Where(organisation => organisation.Coordinators.Any(coordinator => coordinator.PersonId == person)
                || organisation.Delegations.Any(delegation => delegation.PersonId == person))
            .ToListAsync(ct);
    }
}
