using JasperFx;
using JasperFx.Events;
using Npgsql;

namespace VolunteerBook.EventSourcing;

/// <summary>Tells what somebody else was quicker with from what fails.</summary>
internal static class LostRace
{
    /// <summary>Whether another transaction has changed or made the same meanwhile. Tried again, it finds that.</summary>
    public static bool Is(Exception? exception) => exception is not null && (
        exception is ConcurrencyException or ExistingStreamIdCollisionException or DocumentAlreadyExistsException
            or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
        || Is(exception.InnerException));
}
