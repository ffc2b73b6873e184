using Marten;

namespace VolunteerBook.EventSourcing;

public static class History
{
    /// <summary>Every change of a stream, oldest first.</summary>
    public static async Task<IReadOnlyList<Change>> HistoryAsync(this IQuerySession session, Guid stream, CancellationToken cancellationToken) =>
        [.. (await session.Events.FetchStreamAsync(stream, token: cancellationToken)).Select(Change.Of)];
}
