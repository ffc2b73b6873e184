using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using JasperFx.Core.Exceptions;
using JasperFx.Events;
using Marten;
using Marten.Events;
using Marten.Events.Operations;
using Marten.Services;
using Marten.Storage;
using Weasel.Core;
using Weasel.Storage;
using ExistingStreamIdCollisionException = Marten.Exceptions.ExistingStreamIdCollisionException;
using ICommandBuilder = Weasel.Postgresql.ICommandBuilder;
using IStorageOperation = Marten.Internal.Operations.IStorageOperation;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// The order of every save: first the versions on which it was decided are compared, under locks; then come documents and tables; the events are last. Who
/// loses a race, or breaks a rule of the database, has taken no number of the log by then. A number that was taken and rolled back holds up all that is
/// published, until it is sure that nobody will use it.
/// </summary>
internal sealed class AppendLast(StoreSignals signals) : DocumentSessionListenerBase
{
    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        var streams = session.PendingChanges.Streams().Where(stream => stream.Events.Count > 0).ToList();
        if (streams.Count == 0)
        {
            return Task.CompletedTask;
        }

        foreach (var begun in streams.Where(stream => stream.ActionType == StreamActionType.Start))
        {
            // Marten's function appends to what is there unless it is told that nothing is.
            begun.ExpectedVersionOnServer = 0;
        }

        // What Marten queued to append, before all else, goes with the rest; the documents of its inline projections, which are made by now, are queued again.
        var others = session.PendingChanges.Operations().ToList();
        session.EjectAllPendingChanges();
        if (CompareVersions.Of(streams) is { } compare)
        {
            session.QueueOperation(compare);
        }

        others.ForEach(other => session.QueueOperation(other.Role() == OperationRole.Insert ? new InsertOnce(other) : other));
        var events = (EventGraph)session.DocumentStore.Options.Events;
        streams.ForEach(stream => session.QueueOperation(new Append(stream, events)));
        return Task.CompletedTask;
    }

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        // Who looks before it is committed looks for nothing.
        if (HasAppended(session) && !session.Listeners.OfType<WithinATransaction>().Any())
        {
            signals.Appended();
        }

        return Task.CompletedTask;
    }

    /// <summary>Whether what a session has saved wakes anybody: events, or statements of our own, which may be mail.</summary>
    internal static bool HasAppended(IDocumentSession session) =>
        session.PendingChanges.Operations().Any(operation => operation is Append || operation.Role() == OperationRole.Other);

    /// <summary>Marten's own function, for streams that begin too. In an operation of our own because Marten's events go before its documents.</summary>
    private sealed class Append(StreamAction stream, EventGraph events) : IStorageOperation, IExceptionTransform, IDisposable
    {
        private readonly Call call = new(stream) { Events = events };

        public Type DocumentType => typeof(StorageFeatures);

        public OperationRole Role() => OperationRole.Events;

        public void ConfigureCommand(ICommandBuilder builder, IStorageSession session) => call.ConfigureCommand(builder, session);

        public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) =>
            call.PostprocessAsync(reader, exceptions, token);

        public bool TryTransform(Exception original, [NotNullWhen(true)] out Exception? transformed)
        {
            var known = call.TryTransform(original, out transformed!);
            if (known && transformed is EventStreamUnexpectedMaxEventIdException && stream.ActionType == StreamActionType.Start)
            {
                transformed = new ExistingStreamIdCollisionException(stream.Id, stream.AggregateType!);
            }

            return known;
        }

        public void Dispose() => call.Dispose();

        private sealed class Call(StreamAction stream) : QuickAppendEventsOperationBase(stream)
        {
            public override void ConfigureCommand(ICommandBuilder builder, IStorageSession session)
            {
                builder.Append($"select {Events.DatabaseSchemaName}.mt_quick_append_events(");
                var parameters = builder.CreateGroupedParameterBuilder(',');
                writeId(parameters);
                writeBasicParameters(parameters, session);
                writeCausationIds(parameters);
                writeCorrelationIds(parameters);
                writeHeaders(parameters, session);
                writeUserNames(parameters, session);
                writeTimestamps(parameters);
                writeExpectedVersion(parameters, Events.EnableBigIntEvents);
                builder.Append(")");
            }
        }
    }
}
