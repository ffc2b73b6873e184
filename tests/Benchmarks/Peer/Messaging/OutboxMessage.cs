namespace VolunteerBook.Peer.Messaging;

/// <summary>A message that was saved with what it tells of and waits for the broker.</summary>
public sealed class OutboxMessage
{
    public long Id { get; init; }

    /// <summary>The save it belongs to; null where it came of a message.</summary>
    public Guid? OutboxId { get; init; }

    /// <summary>The message it came of.</summary>
    public Guid? InboxMessageId { get; init; }

    public Guid MessageId { get; init; }

    public required string Type { get; init; }

    public required string Body { get; init; }

    public DateTimeOffset At { get; init; }
}
