using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using JasperFx;
using JasperFx.Core.Exceptions;
using Npgsql;
using Weasel.Core;
using Weasel.Postgresql;
using Weasel.Postgresql.Functions;
using Weasel.Storage;
using ICommandBuilder = Weasel.Postgresql.ICommandBuilder;
using IStorageOperation = Marten.Internal.Operations.IStorageOperation;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// An insert that fails in the database where the document is there already. Marten's own does nothing then, and Marten notices by the answer,
/// when the events after it have their numbers.
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
