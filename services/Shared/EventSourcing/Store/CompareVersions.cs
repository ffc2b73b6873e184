using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using JasperFx.Core.Exceptions;
using JasperFx.Events;
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
/// Locks streams, in the order of their ids, and compares their versions with those on which was decided. One that begins has no row to lock: its id is. An id
/// of version 7 was drawn for its stream, and nobody else begins that.
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
