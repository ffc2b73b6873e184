using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>Tells what is the database's from what is the message's.</summary>
internal static class DatabaseTrouble
{
    /// <summary>
    /// Whether the database is behind it. One that is away, full or restarted says nothing about the message. A statement that takes too long does: it is the
    /// handler's, and to note it would fail as well where nothing is answered.
    /// </summary>
    public static bool IsBehind(Exception exception)
    {
        var isOfIt = false;
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is TimeoutException or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled })
            {
                return false;
            }

            isOfIt |= cause is NpgsqlException and not PostgresException
                || cause is PostgresException { SqlState: ['0', '8', ..] or ['5', '3', ..] or ['5', '7', ..] or "25P03" };
        }

        return isOfIt;
    }
}
