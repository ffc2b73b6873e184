using Marten;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Vacancies.Organisations;

/// <summary>Whether the caller may act for an organisation: a membership in the domain, never a role alone.</summary>
internal static class Coordinators
{
    public static async Task<bool> IsCoordinatorAsync(this IQuerySession session, Guid organisation, Caller caller, DateTimeOffset now, CancellationToken ct) =>
        await session.LoadAsync<Coordination>(organisation, ct) is { } coordination && coordination.IsCoordinator(caller.Id, now);
}
