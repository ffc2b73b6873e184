namespace VolunteerBook.EventSourcing;

/// <summary>What a handler may want to know of the message beside the contract.</summary>
/// <param name="Id">The id of the publisher's stored event.</param>
/// <param name="Publisher">The service that published it.</param>
/// <param name="Sequence">Its position in the publisher's log.</param>
/// <param name="At">When the publisher stored the event, UTC.</param>
/// <param name="By">The subject of who caused it.</param>
public sealed record Received(Guid Id, string Publisher, long Sequence, DateTimeOffset At, string? By)
{
    /// <summary>Of an event of the service's own: its stream.</summary>
    public Guid Stream { get; init; }
}
