using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten;

namespace VolunteerBook.EventSourcing;

/// <summary>How a store keeps its aggregates.</summary>
public static class Aggregates
{
    /// <summary>Keeps the aggregate as a document that commands decide on and its reader sees at once (<see cref="OwnStreams{T}"/>).</summary>
    public static void Snapshot<T>(this StoreOptions options) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Schema.For<T>();
        options.Projections.Add(new OwnStreams<T>(), ProjectionLifecycle.Inline);
    }

    /// <summary>
    /// Keeps nothing of an aggregate but what is shown of it: that is a document, which its reader sees at once (<see cref="ViewOf{TView, TAggregate}"/>).
    /// Commands decide on the aggregate as its stream makes it, which must be short.
    /// </summary>
    /// <param name="options">The store's options.</param>
    /// <param name="alias">The document's alias, which is for ever: its table is called by it.</param>
    /// <param name="after">What is shown after an event.</param>
    public static void View<TView, TAggregate>(this StoreOptions options, string alias, Func<TView?, Happened, TView> after)
        where TView : class where TAggregate : notnull
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Schema.For<TView>().DocumentAlias(alias);
        // It has no table, but no two may have one alias.
        options.Schema.For<TAggregate>().DocumentAlias($"{alias}_decided_on");
        options.Projections.Add(new OwnStreams<TAggregate>(), ProjectionLifecycle.Live);
        options.Projections.Add(new ViewOf<TView, TAggregate>(after), ProjectionLifecycle.Inline);
    }

    /// <summary>
    /// Reads an aggregate to decide on with what is shown of it, which its events will change: in one round trip, where
    /// the save would need another for the latter. A session decides once: it keeps what it has read.
    /// </summary>
    public static async Task<IEventStream<TAggregate>> FetchWithViewAsync<TAggregate, TView>(this IDocumentSession session, Guid id, CancellationToken ct)
        where TAggregate : class where TView : class
    {
        ArgumentNullException.ThrowIfNull(session);
        session.UseIdentityMapFor<TView>();
        var batch = session.CreateBatchQuery();
        var stream = batch.Events.FetchForWriting<TAggregate>(id);
        _ = batch.Load<TView>(id);
        await batch.Execute(ct);
        return await stream;
    }
}
