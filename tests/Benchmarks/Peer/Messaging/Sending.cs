using System.Text.Json;
using MassTransit;

namespace VolunteerBook.Peer.Messaging;

/// <summary>What was saved goes to the broker.</summary>
internal static class Sending
{
    public static Task SendAsync(this OutboxMessage message, IPublishEndpoint to, CancellationToken ct)
    {
        var type = typeof(EntrySubmitted).Assembly.GetType(message.Type, throwOnError: true)!;
        return to.Publish(JsonSerializer.Deserialize(message.Body, type)!, type, context => context.MessageId = message.MessageId, ct);
    }
}
