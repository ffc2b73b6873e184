using System.Text.Json;

namespace VolunteerBook.Contracts;

/// <summary>
/// One integration event on its way, over the broker or from the publisher's feed. It is a place in the publisher's log: who has everything
/// up to <see cref="Previous"/> misses nothing when they take this one; who has not asks the feed for what lies between; who has everything
/// up to <see cref="Sequence"/> has had it.
/// </summary>
/// <param name="Publisher">The service that published it, e.g. <c>ledger</c>.</param>
/// <param name="Id">The id of the stored event that it speaks of; the same in every delivery.</param>
/// <param name="Type">The contract's name, e.g. <c>EntrySubmittedV1</c>.</param>
/// <param name="At">When the event was stored, UTC.</param>
/// <param name="By">The subject of who caused it, never a name.</param>
/// <param name="CorrelationId">Ties together all that one request brought about.</param>
/// <param name="TraceParent">W3C Trace Context of the append.</param>
/// <param name="Data">The contract as JSON.</param>
/// <param name="Log">The publisher's log. Empty in what was sent before messages said it, which may still lie in a queue: the feed has it too.</param>
/// <param name="Sequence">Its position in that log.</param>
/// <param name="Previous">
/// The position up to which nothing is published that comes after the event before it: that event's own or, of the first in an answer
/// of the feed, the one that was asked for.
/// </param>
public sealed record IntegrationMessage(
    string Publisher,
    Guid Id,
    string Type,
    DateTimeOffset At,
    string? By,
    string? CorrelationId,
    string? TraceParent,
    JsonElement Data,
    Guid Log = default,
    long Sequence = 0,
    long Previous = 0);

/// <summary>What a publisher's feed answers: what it published after a position.</summary>
/// <param name="Log">The publisher's log.</param>
/// <param name="UpTo">The position up to which this answer tells everything; beyond its last message nothing is published up to here.</param>
/// <param name="End">How far the log is: at a later position nobody can have been.</param>
/// <param name="Messages">In the order of the log.</param>
public sealed record IntegrationPage(Guid Log, long UpTo, long End, IReadOnlyList<IntegrationMessage> Messages);
