using Marten;
using Marten.Services;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// Says of a command of Marten's that failed which it was, and why, and never what was in it: names, addresses, links and whole mails go to the database as
/// parameters, and a log is kept by others. Whoever lost a race is refused; that is no failure. What functions of ours refuse has a code that begins with VB.
/// </summary>
internal sealed partial class FailedCommands(ILogger<FailedCommands> logger) : IMartenLogger, IMartenSessionLogger
{
    public IMartenSessionLogger StartSession(IQuerySession session) => this;

    public void SchemaChange(string sql) => Changed(sql);

    public void LogSuccess(NpgsqlCommand command)
    {
    }

    public void LogSuccess(NpgsqlBatch batch)
    {
    }

    public void LogFailure(NpgsqlCommand command, Exception ex) => Tell(command.CommandText, ex);

    public void LogFailure(NpgsqlBatch batch, Exception ex) =>
        Tell((OfDatabase(ex)?.BatchCommand ?? (batch.BatchCommands.Count > 0 ? batch.BatchCommands[0] : null))?.CommandText ?? "", ex);

    public void LogFailure(Exception ex, string message) => Tell(message, ex);

    public void RecordSavedChanges(IDocumentSession session, IChangeSet commit)
    {
    }

    public void OnBeforeExecute(NpgsqlCommand command)
    {
    }

    public void OnBeforeExecute(NpgsqlBatch batch)
    {
    }

    // A message of PostgreSQL's names the rule; the row that breaks it stands in its detail, which is not told unless it is asked for.
    private void Tell(string sql, Exception failure)
    {
        var refused = OfDatabase(failure);
        if (refused is { SqlState: ['V', 'B', ..] or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.LockNotAvailable })
        {
            return;
        }

        Failed(failure.GetType().Name, refused?.SqlState, failure.Message, sql);
    }

    // Of a batch in somebody else's transaction Marten tells in words of its own, with PostgreSQL's inside.
    private static PostgresException? OfDatabase(Exception? failure) =>
        failure as PostgresException ?? (failure is null ? null : OfDatabase(failure.InnerException));

    [LoggerMessage(LogLevel.Error, "A command failed: {Exception} {SqlState} {Reason}: {Sql}")]
    private partial void Failed(string exception, string? sqlState, string reason, string sql);

    [LoggerMessage(LogLevel.Information, "The schema is changed: {Sql}")]
    private partial void Changed(string sql);
}
