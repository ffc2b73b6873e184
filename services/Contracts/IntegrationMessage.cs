using System.Text.Json;

namespace VolunteerBook.Contracts;

/// <summary>
/// One integration event on its way, over the broker or from the publisher's feed: both carry the same.
/// </summary>
/// <param name="Publisher">The service that published it, e.g. <c>ledger</c>.</param>
/// <param name="Number">The publisher's unbroken number, from 1: a subscriber that sees a gap has missed something.</param>
/// <param name="Id">The id of the stored event that it speaks of; the same in every delivery.</param>
/// <param name="Type">The contract's name, e.g. <c>EntrySubmittedV1</c>.</param>
/// <param name="At">When the event was stored, UTC.</param>
/// <param name="By">The subject of who caused it, never a name.</param>
/// <param name="CorrelationId">Ties together all that one request brought about.</param>
/// <param name="TraceParent">W3C Trace Context of the append.</param>
/// <param name="Data">The contract as JSON.</param>
public sealed record IntegrationMessage(
    string Publisher,
    long Number,
    Guid Id,
    string Type,
    DateTimeOffset At,
    string? By,
    string? CorrelationId,
    string? TraceParent,
    JsonElement Data);
