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

    public static TResult Read<T, TResult>(JsonElement data, Func<Guid, T, TResult> with)
    {
        var own = data.Deserialize<OwnEvent>(StoredJson)!;
        return with(own.Stream, own.Event.Deserialize<T>(StoredJson) ?? throw new JsonException($"{typeof(T).Name} is null"));
    }

    public static Func<JsonElement, string>? KeyBy<T>(Func<Guid, T, Guid>? key) => key is null ? null : data => Read(data, key).ToString();
}
