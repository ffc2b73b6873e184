namespace VolunteerBook.Peer.Messaging;

/// <summary>How far the handling of a message is: received, consumed, and what came of it sent.</summary>
public sealed class InboxState
{
    public long Id { get; init; }

    public Guid MessageId { get; init; }

    public required string Consumer { get; init; }

    public Guid LockId { get; set; }

    public DateTimeOffset Received { get; init; }

    public int ReceiveCount { get; set; }

    public DateTimeOffset? Consumed { get; set; }

    public DateTimeOffset? Delivered { get; set; }
}
