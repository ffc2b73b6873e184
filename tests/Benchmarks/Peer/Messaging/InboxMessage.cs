namespace VolunteerBook.Peer.Messaging;

/// <summary>A message that was handled: saved with what was done, so that a repeat is noticed.</summary>
public sealed class InboxMessage
{
    public Guid MessageId { get; init; }

    public DateTimeOffset At { get; init; }
}
