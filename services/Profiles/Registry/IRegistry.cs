using Marten;

namespace VolunteerBook.Profiles.Registry;

/// <summary>
/// All that the people's part asks of the registry: for whom somebody works, which decides whose names they may learn, and who is to be told what concerns
/// an organisation.
/// </summary>
public interface IRegistry
{
    /// <summary>The approved organisations on whose queue this person works now, as a coordinator or in the place of one.</summary>
    Task<IReadOnlyList<Guid>> OrganisationsOfAsync(IQuerySession session, Guid person, DateTimeOffset now, CancellationToken ct);

    /// <summary>The same, with the colleagues there.</summary>
    Task<WorkForOrganisations> WorkOfAsync(IQuerySession session, Guid person, DateTimeOffset now, CancellationToken ct);

    /// <summary>Who decides for an approved organisation now: its coordinators, and their deputies.</summary>
    Task<IReadOnlyList<Guid>> DecidersAsync(IQuerySession session, Guid organisation, DateTimeOffset now, CancellationToken ct);

    /// <summary>Who registered an organisation, the last time; null where there is none.</summary>
    Task<Guid?> RegisteredByAsync(IQuerySession session, Guid organisation, CancellationToken ct);

    /// <summary>What these organisations are called, which is public; those that do not exist are left out.</summary>
    Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IQuerySession session, IReadOnlyCollection<Guid> organisations, CancellationToken ct);

    /// <summary>Keys of approved organisations that sign now, or will, and end within a time, and that no later key follows without a gap.</summary>
    Task<IReadOnlyList<EndingKey>> KeysEndingAsync(IQuerySession session, DateTimeOffset from, DateTimeOffset until, CancellationToken ct);
}
