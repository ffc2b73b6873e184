using JasperFx.Events;

namespace VolunteerBook.EventSourcing;

/// <summary>One change of a stream: what, when, by whom (F39).</summary>
/// <param name="Version">The stream's version after it, from 1.</param>
/// <param name="Type">The event's stored name.</param>
/// <param name="At">When it was recorded, UTC.</param>
/// <param name="By">The subject of the author.</param>
/// <param name="ByKind"><c>person</c>, <c>machine</c>, or <c>service</c> where it follows from another service's event.</param>
/// <param name="CorrelationId">Ties together all that one request brought about.</param>
/// <param name="Data">The event.</param>
public sealed record Change(long Version, string Type, DateTimeOffset At, string? By, string? ByKind, string? CorrelationId, object Data)
{
    public static Change Of(IEvent stored) => new(
        stored.Version, stored.EventTypeName, stored.Timestamp.ToUniversalTime(), stored.UserName,
        stored.GetHeader(Attribution.KindHeader)?.ToString(), stored.CorrelationId, stored.Data);
}
