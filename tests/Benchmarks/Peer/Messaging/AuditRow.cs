namespace VolunteerBook.Peer.Messaging;

/// <summary>Who changed what and when: without an event store a history is written beside.</summary>
public sealed class AuditRow
{
    public long Id { get; init; }

    public Guid SubjectId { get; init; }

    public required string What { get; init; }

    public Guid By { get; init; }

    public DateTimeOffset At { get; init; }
}
