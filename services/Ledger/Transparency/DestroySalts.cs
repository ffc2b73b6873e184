using Marten;

namespace VolunteerBook.Ledger.Transparency;

/// <summary>What an erasure does to the log.</summary>
public static class DestroySalts
{
    /// <summary>
    /// Destroys the salts of a stream's leaves in the session's transaction. The leaves stay, and with them every proof; what they committed to can no longer
    /// be told or guessed from them, and the auditor no longer compares these events' content.
    /// </summary>
    public static void DestroySaltsOf(this IDocumentSession session, Guid stream) =>
        session.QueueSqlCommand("delete from log_salts where index in (select index from log_leaves where stream_id = ?)", stream);
}
