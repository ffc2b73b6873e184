using Marten;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>Who may see and act for an organisation. Read on the organisation's own stream, never on a copy.</summary>
internal static class OrganisationRights
{
    /// <summary>Its coordinators, the administrator, and who registered it.</summary>
    public static bool MayBeSeenInFullBy(this Organisation organisation, Caller caller, DateTimeOffset now) =>
        organisation.MayBeRunBy(caller, now) || (caller.IsSignedIn && organisation.RegisteredBy == caller.Id);

    /// <summary>Its coordinators and the administrator.</summary>
    public static bool MayBeRunBy(this Organisation organisation, Caller caller, DateTimeOffset now) =>
        caller.IsAdministrator || organisation.MaySignBy(caller, now);

    /// <summary>Its coordinators alone.</summary>
    public static bool MaySignBy(this Organisation organisation, Caller caller, DateTimeOffset now) =>
        caller.IsSignedIn && organisation.Status == OrganisationStatus.Approved && organisation.IsCoordinatedBy(caller.Id, now);

    /// <summary>The approved organisations that this person coordinates now.</summary>
    public static async Task<IReadOnlyList<Organisation>> CoordinatedByAsync(
        this IQuerySession session, Guid personId, DateTimeOffset now, CancellationToken ct)
    {
        var appointed = await session.Query<Organisation>()
            .Where(organisation => organisation.Coordinators.Any(coordinator => coordinator.PersonId == personId))
            .ToListAsync(ct);
        return [.. appointed.Where(organisation => organisation.Status == OrganisationStatus.Approved && organisation.IsCoordinatedBy(personId, now))];
    }

    /// <summary>The approved organisations on whose queue this person works now as a deputy (N9): they read what the work needs, and change nothing.</summary>
    public static async Task<IReadOnlyList<Organisation>> DeputisedByAsync(this IQuerySession session, Guid personId, DateTimeOffset now, CancellationToken ct)
    {
        var deputies = await session.Query<Deputy>().Where(deputy => deputy.PersonId == personId && deputy.Until > now).ToListAsync(ct);
        var organisations = await session.LoadManyAsync<Organisation>(ct, deputies.Select(deputy => deputy.OrganisationId).Distinct().ToArray());
        return [.. organisations.Where(organisation => organisation.Status == OrganisationStatus.Approved
            && deputies.Any(deputy => deputy.OrganisationId == organisation.Id && deputy.IsInForce(organisation, now)))];
    }
}
