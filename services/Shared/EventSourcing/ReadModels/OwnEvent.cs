using System.Text.Json;
using JasperFx.Events;
using VolunteerBook.Contracts;

namespace VolunteerBook.EventSourcing;

/// <summary>An event of the service's own as a reader has it: with its stream.</summary>
internal sealed record OwnEvent(Guid Stream, JsonElement Event)
{
    private static JsonSerializerOptions StoredJson => EventSourcingExtensions.StoredJson;

    public static IntegrationMessage Of(IEvent stored, string service, Guid log, long previous) => new(
        service,
        stored.Id,
        stored.EventType.Name,
        stored.Timestamp.ToUniversalTime(),
        stored.UserName,
        stored.CorrelationId,
        stored.GetHeader(Attribution.TraceHeader)?.ToString(),
        JsonSerializer.SerializeToElement(
            new OwnEvent(stored.StreamId, JsonSerializer.SerializeToElement(stored.Data, stored.EventType, StoredJson)), StoredJson),
        log,
        stored.Sequence,
        previous);

    public static void Read<T>(JsonElement data, Action<Guid, T> with)
    {
        var own = data.Deserialize<OwnEvent>(StoredJson)!;
        with(own.Stream, own.Event.Deserialize<T>(StoredJson) ?? throw new JsonException($"{typeof(T).Name} is null"));
    }
}
