using MassTransit;
using VolunteerBook.Contracts;

namespace VolunteerBook.EventSourcing.Broker;

/// <summary>The consumers' one method.</summary>
internal sealed class ReceiveFromBroker(Readers readers) : IConsumer<Batch<IntegrationMessage>>
{
    // A queue holds the messages of one publisher.
    public Task Consume(ConsumeContext<Batch<IntegrationMessage>> context)
    {
        var messages = context.Message.Select(message => message.Message).ToList();
        return readers.TakeAsync(messages[0].Publisher, messages, context.CancellationToken);
    }
}
