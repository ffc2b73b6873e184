using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing.Broker;

/// <summary>
/// RabbitMQ through MassTransit: an exchange per publisher, a quorum queue per publisher and subscriber. All use of MassTransit is in this folder.
/// </summary>
internal static class BrokerSetup
{
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(1);

    public static string ExchangeOf(string publisher) => $"volunteerbook.{publisher}";

    public static string QueueOf(string subscriber, string publisher) => $"{subscriber}.from-{publisher}";

    /// <summary>Connects a service to the broker: it sends what it publishes while it leads, and receives what these others publish.</summary>
    public static void AddBroker(this WebApplicationBuilder builder, EventSource source, IReadOnlyList<string> publishers)
    {
        if (source.Publishes)
        {
            builder.Services.AddSingleton<IWhileLeading, SendToBroker>();
        }

        builder.Services.AddSingleton<IsBrokerThere>(provider =>
        {
            var bus = provider.GetRequiredService<IBusControl>();
            return () => bus.CheckHealth().Status == BusHealthStatus.Healthy;
        });
        builder.Services.AddMassTransit(bus =>
        {
            // Nothing of ours goes to the maker of a library.
            bus.DisableUsageTelemetry();
            bus.AddConsumer<ReceiveFromBroker>(consumer =>
                consumer.Options<BatchOptions>(batch => batch.SetMessageLimit(Readers.Together).SetTimeLimit(Gather).SetConcurrencyLimit(1)));
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
