using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using JasperFx.Core.Exceptions;
using Marten.Storage;
using Npgsql;
using VolunteerBook.ServiceDefaults;
using Weasel.Core;
using Weasel.Postgresql;
using Weasel.Postgresql.Functions;
using Weasel.Storage;
using ICommandBuilder = Weasel.Postgresql.ICommandBuilder;
using IStorageOperation = Marten.Internal.Operations.IStorageOperation;

namespace VolunteerBook.Mail;

/// <summary>Counts a mail of a person's day, and fails in the database where that were too many: of two at once, one.</summary>
internal sealed class CountMail(Guid sender, DateOnly day) : IStorageOperation, IExceptionTransform
{
    internal const string OneTooMany = "VB003";

    public static Function Function { get; } = new(
        new PostgresqlObjectName("public", "count_mail", SchemaUtils.IdentifierUsage.General),
        $"""
        CREATE OR REPLACE FUNCTION public.count_mail(person uuid, today date, most integer)
         RETURNS void
         LANGUAGE plpgsql
        AS $function$
        begin
            insert into mail_counts as counted (sender, day, number) values (person, today, 1)
                on conflict (sender, day) do update set number = counted.number + 1 where counted.number < most;
            if not found then
                raise exception 'one mail too many' using errcode = '{OneTooMany}';
            end if;
        end
        $function$;
        """);

    public Type DocumentType => typeof(StorageFeatures);

    public OperationRole Role() => OperationRole.Other;

    public void ConfigureCommand(ICommandBuilder builder, IStorageSession session)
    {
        builder.Append("select public.count_mail(");
        var parameters = builder.CreateGroupedParameterBuilder(',');
        parameters.AppendParameter(sender);
        parameters.AppendParameter(day);
        parameters.AppendParameter(OutgoingMail.MostOfAPerson);
        builder.Append(")");
    }

    public Task PostprocessAsync(DbDataReader reader, IList<Exception> exceptions, CancellationToken token) => Task.CompletedTask;

    public bool TryTransform(Exception original, [NotNullWhen(true)] out Exception? transformed)
    {
        transformed = (original as PostgresException ?? original.InnerException as PostgresException) is { SqlState: OneTooMany }
            ? new RefusedException(OutgoingMail.TooMany)
            : null;
        return transformed is not null;
    }
}
