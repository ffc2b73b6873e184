namespace VolunteerBook.Peer.Messaging;

/// <summary>A message that was saved with what it tells of and waits for the broker.</summary>
public sealed class OutboxMessage
{
    public long Id { get; init; }

    public Guid MessageId { get; init; }

    public required string Type { get; init; }

    public required string Body { get; init; }

    public DateTimeOffset At { get; init; }
}
