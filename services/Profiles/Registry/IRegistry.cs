using Marten;

namespace VolunteerBook.Profiles.Registry;

/// <summary>All that the people's part asks of the registry: for whom somebody works, which decides whose names they may learn.</summary>
public interface IRegistry
{
    /// <summary>The approved organisations on whose queue this person works now, as a coordinator or in the place of one.</summary>
    Task<IReadOnlyList<Guid>> OrganisationsOfAsync(IQuerySession session, Guid person, DateTimeOffset now, CancellationToken ct);

    /// <summary>The same, with the colleagues there.</summary>
    Task<WorkForOrganisations> WorkOfAsync(IQuerySession session, Guid person, DateTimeOffset now, CancellationToken ct);
}
