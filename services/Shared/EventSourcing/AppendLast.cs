using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using JasperFx;
using JasperFx.Core.Exceptions;
using JasperFx.Events;
using Marten;
using Marten.Events;
using Marten.Events.Operations;
using Marten.Exceptions;
using Marten.Services;
using Marten.Storage;
using Npgsql;
using Weasel.Core;
using Weasel.Postgresql;
using Weasel.Postgresql.Functions;
using Weasel.Storage;
using ExistingStreamIdCollisionException = Marten.Exceptions.ExistingStreamIdCollisionException;
using ICommandBuilder = Weasel.Postgresql.ICommandBuilder;
using IStorageOperation = Marten.Internal.Operations.IStorageOperation;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// The order of every save: first the versions on which it was decided are compared, under locks; then come documents and tables; the events are last. Who loses a race, or breaks a rule
/// of the database, has taken no number of the log by then. A number that was taken and rolled back holds up all that is published, until it is sure that nobody will use it.
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

        public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => call.PostprocessAsync(reader, exceptions, token);

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

/// <summary>
/// Locks streams, in the order of their ids, and compares their versions with those on which was decided. One that begins has no row to lock: its id is. An id of version 7 was drawn for its
/// stream, and nobody else begins that.
/// </summary>
internal sealed class CompareVersions : IStorageOperation, IExceptionTransform
{
    internal const string Stale = "VB001";

    private readonly IReadOnlyList<StreamAction> streams;

    private CompareVersions(IReadOnlyList<StreamAction> streams) => this.streams = streams;

    // Written as PostgreSQL tells it, so that a second start finds nothing to change.
    public static Function Function { get; } = new(
        new PostgresqlObjectName("public", "compare_versions", SchemaUtils.IdentifierUsage.General),
        $"""
        CREATE OR REPLACE FUNCTION public.compare_versions(streams uuid[], expected bigint[])
         RETURNS void
         LANGUAGE plpgsql
        AS $function$
        declare
            stream record;
            actual bigint;
        begin
            for stream in select id, version from unnest(streams, expected) asked (id, version) order by id loop
                if stream.version = 0 then
                    perform pg_advisory_xact_lock(hashtextextended(stream.id::text, 0));
                end if;
                select version into actual from mt_streams where id = stream.id for update;
                if stream.version <> coalesce(actual, 0) then
                    raise exception '%', stream.id using errcode = '{Stale}';
                end if;
            end loop;
        end
        $function$;
        """);

    public Type DocumentType => typeof(StorageFeatures);

    /// <summary>What there is to compare, or null.</summary>
    public static CompareVersions? Of(IEnumerable<StreamAction> streams) =>
        streams.Where(stream => stream.ActionType != StreamActionType.Start || stream.Id.Version != 7).ToList() is { Count: > 0 } shared ? new(shared) : null;

    public OperationRole Role() => OperationRole.Other;

    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session)
    {
        builder.Append("select public.compare_versions(");
        var parameters = builder.CreateGroupedParameterBuilder(',');
        parameters.AppendParameter(streams.Select(stream => stream.Id).ToArray());
        parameters.AppendParameter(streams.Select(stream => stream.ExpectedVersionOnServer).ToArray());
        builder.Append(")");
    }

    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

    public bool TryTransform(Exception original, [NotNullWhen(true)] out Exception? transformed)
    {
        if ((original as PostgresException ?? original.InnerException as PostgresException) is not { SqlState: Stale } stale)
        {
            transformed = null;
            return false;
        }

        var stream = streams.First(stream => stream.Id == Guid.Parse(stale.MessageText));
        transformed = stream.ExpectedVersionOnServer is > 0 and var version
            ? new EventStreamUnexpectedMaxEventIdException(stream.Id, stream.AggregateType, version, -1)
            : new ExistingStreamIdCollisionException(stream.Id, stream.AggregateType!);
        return true;
    }
}

/// <summary>
/// An insert that fails in the database where the document is there already. Marten's own does nothing then, and Marten notices by the answer, when the events after it have their numbers.
/// </summary>
internal sealed class InsertOnce(Weasel.Storage.IStorageOperation insert) : IStorageOperation, IExceptionTransform
{
    internal const string ThereAlready = "VB002";

    public static Function Function { get; } = new(
        new PostgresqlObjectName("public", "inserted_once", SchemaUtils.IdentifierUsage.General),
        $"""
        CREATE OR REPLACE FUNCTION public.inserted_once(rows bigint)
         RETURNS void
         LANGUAGE plpgsql
        AS $function$
        begin
            if rows = 0 then
                raise exception 'there already' using errcode = '{ThereAlready}';
            end if;
        end
        $function$;
        """);

    public Type DocumentType => insert.DocumentType;

    public OperationRole Role() => OperationRole.Insert;

    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session)
    {
        builder.Append("with inserted as (");
        insert.ConfigureCommand(builder, session);
        builder.Append(") select public.inserted_once(count(*)) from inserted");
    }

    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

    public bool TryTransform(Exception original, [NotNullWhen(true)] out Exception? transformed)
    {
        transformed = (original as PostgresException ?? original.InnerException as PostgresException) is { SqlState: ThereAlready } there
            ? new DocumentAlreadyExistsException(there, DocumentType, "")
            : null;
        return transformed is not null;
    }
}
