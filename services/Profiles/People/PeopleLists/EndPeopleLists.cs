using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.PersonalData;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.PeopleLists;

/// <summary>Ends lists of people whose time is over, and their keys: the leader looks every hour.</summary>
public sealed partial class EndPeopleLists(IDocumentStore store, PersonKeys keys, TimeProvider clock, ILogger<EndPeopleLists> logger) : IWhileLeading
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Look = TimeSpan.FromHours(1);

    public Task RunAsync(CancellationToken leading) => clock.EveryAsync(Look, EndAsync, exception => NotEnded(exception.Message), leading);

    /// <summary>Ends what is over now, so many at a time that no transaction is long.</summary>
    public async Task EndAsync(CancellationToken ct)
    {
        while (await EndBatchAsync(ct) == BatchSize)
        {
        }
    }

    private async Task<int> EndBatchAsync(CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        var until = clock.GetUtcNow() - PeopleList.KeptFor;
        var over = await session.Query<PeopleList>().Where(list => list.At < until).Take(BatchSize).ToListAsync(ct);
        foreach (var list in over)
        {
            await keys.Destroy(list.KeyId, ct);
            // One that was replaced since it was looked at has its time before it.
            session.DeleteWhere<PeopleList>(stored => stored.Id == list.Id && stored.KeyId == list.KeyId);
        }

        await session.SaveChangesAsync(ct);
        return over.Count;
    }

    [LoggerMessage(LogLevel.Warning, "Expired lists of people could not be removed: {Error}")]
    private partial void NotEnded(string error);
}
