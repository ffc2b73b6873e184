using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.PeopleLists;

/// <summary>Ends lists of people whose time is over, and their keys: the leader looks every hour.</summary>
public sealed partial class EndPeopleLists(IDocumentStore store, PersonKeys keys, TimeProvider clock, ILogger<EndPeopleLists> logger) : IWhileLeading
{
    private static readonly TimeSpan Look = TimeSpan.FromHours(1);

    public Task RunAsync(CancellationToken leading) => clock.EveryAsync(Look, EndAsync, exception => NotEnded(exception.Message), leading);

    /// <summary>Ends what is over now.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var until = clock.GetUtcNow() - PeopleList.KeptFor;
        foreach (var list in await session.Query<PeopleList>().Where(list => list.At < until).ToListAsync(ct))
        {
            await keys.Destroy(list.KeyId, ct);
            session.Delete(list);
        }

        await session.SaveChangesAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Lists of people could not be ended: {Error}")]
    private partial void NotEnded(string error);
}
