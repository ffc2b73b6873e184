using Marten;
using VolunteerBook.Profiles.People.PersonalData;

namespace VolunteerBook.Profiles.People.Names;

/// <summary>Answers the registry out of the people's own documents and keys.</summary>
internal sealed class NamesForRegistry(PersonKeys keys) : INames
{
    public async Task<IReadOnlyDictionary<Guid, string?>> OfAsync(IQuerySession session, IReadOnlyCollection<Guid> people, CancellationToken ct) =>
        (await session.NamesOfAsync(keys, people, ct)).ToDictionary(name => name.Key, name => name.Value?.ToString());
}
