using Marten;

namespace VolunteerBook.Profiles.People;

/// <summary>All that the registry asks of the people's part: what people are called. Who may know it, the asking endpoint decides.</summary>
public interface INames
{
    /// <summary>The names of those of these people who ever had one, as they are shown; null where it was erased.</summary>
    Task<IReadOnlyDictionary<Guid, string?>> OfAsync(IQuerySession session, IReadOnlyCollection<Guid> people, CancellationToken ct);
}
