namespace VolunteerBook.Peer.Messaging;

/// <summary>The messages of one save, which are sent together.</summary>
public sealed class OutboxState
{
    public Guid OutboxId { get; init; }

    public Guid LockId { get; set; }

    public DateTimeOffset Created { get; init; }
}
