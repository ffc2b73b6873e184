using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// RabbitMQ through MassTransit: an exchange per publisher, a quorum queue per publisher and subscriber. All use of MassTransit is here and in
/// <see cref="SendToBroker"/>.
/// </summary>
internal static class Broker
{
    // What has come together is handled in one transaction; more at once would hold up what others append meanwhile (the log is published in order).
    public const int Together = 20;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(1);

    public static string ExchangeOf(string publisher) => $"volunteerbook.{publisher}";

    public static string QueueOf(string subscriber, string publisher) => $"{subscriber}.from-{publisher}";

    public static void AddBroker(this WebApplicationBuilder builder, EventSource source, Action<InboxBuilder>? subscribe)
    {
        var inbox = new InboxBuilder(source.Name);
        subscribe?.Invoke(inbox);
        var publishers = inbox.Readers.SelectMany(reader => reader.Publishers).Distinct().Where(publisher => publisher != source.Name).ToList();
        builder.Services.AddSingleton<IReadOnlyList<Reader>>(inbox.Readers);
        builder.Services.AddSingleton(provider => new ReadModels(provider.GetRequiredService<NpgsqlDataSource>(), inbox.Readers));
        builder.Services.AddSingleton<OwnLog>();
        builder.Services.AddSingleton<Readers>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<Readers>());
        if (inbox.Readers.Exists(reader => reader.Model is not null))
        {
            builder.Services.AddHealthChecks().AddCheck<ReadModelsHealth>("read-models");
        }

        builder.Services.AddSingleton<ServiceToken>();
        builder.Services.AddTransient<ServiceTokenOnRequests>();
        foreach (var publisher in publishers)
        {
            builder.Services.AddHttpClient(Readers.ClientOf(publisher), client => client.BaseAddress = new Uri($"http://{publisher}"))
                .AddHttpMessageHandler<ServiceTokenOnRequests>();
        }

        builder.Services.AddMassTransit(bus =>
        {
            // Nothing of ours goes to the maker of a library.
            bus.DisableUsageTelemetry();
            bus.AddConsumer<ReceiveFromBroker>(consumer =>
                consumer.Options<BatchOptions>(batch => batch.SetMessageLimit(Together).SetTimeLimit(Gather).SetConcurrencyLimit(1)));
            bus.ConfigureHealthCheckOptions(health =>
            {
                health.Name = "broker";
                health.MinimalFailureStatus = HealthStatus.Degraded;
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(builder.Configuration.GetConnectionString("bus")
                    ?? throw new InvalidOperationException("ConnectionStrings:bus is not configured.")));
                rabbit.ConfigureJsonSerializerOptions(options =>
                {
                    Json.Configure(options);
                    return options;
                });
                foreach (var publisher in publishers)
                {
                    rabbit.ReceiveEndpoint(QueueOf(source.Name, publisher), endpoint =>
                    {
                        endpoint.ConfigureConsumeTopology = false;
                        endpoint.Bind(ExchangeOf(publisher), exchange => exchange.ExchangeType = "fanout");
                        endpoint.SetQuorumQueue();
                        // In order, by one instance; the broker moves on to another when it dies.
                        endpoint.SingleActiveConsumer = true;
                        endpoint.PrefetchCount = 100;
                        endpoint.ConfigureConsumer<ReceiveFromBroker>(context);
                    });
                }
            });
        });
    }
}

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
