using MassTransit;
using Microsoft.EntityFrameworkCore;
using VolunteerBook.Peer;
using VolunteerBook.Peer.Ledger;
using VolunteerBook.Peer.Messaging;
using VolunteerBook.Peer.Reporting;
using VolunteerBook.Peer.Verification;
using VolunteerBook.ServiceDefaults;

// One program, a process for each service, as one repository of such a developer would have it: ledger, verification, reporting; or the floor.
if (args is not [var service])
{
    await Console.Error.WriteLineAsync("Which: floor, ledger, verification or reporting?");
    return 2;
}

if (service == "floor")
{
    await Floor.RunAsync();
    return 0;
}

var builder = WebApplication.CreateBuilder();
// What our own services have in common, so that neither side has another token check, another telemetry or other limits.
builder.AddServiceDefaults();
var app = service switch
{
    "ledger" => await BuildAsync<LedgerContext>(typeof(WhenCaseConfirmed)),
    "verification" => await BuildAsync<VerificationContext>(typeof(WhenEntrySubmitted)),
    _ => await BuildAsync<ReportingContext>(typeof(WhenEntryConfirmed)),
};
app.UseServiceDefaults();
var api = app.MapGroup("/api/v1");
switch (service)
{
    case "ledger":
        LogEntry.Map(api);
        GetBook.Map(api);
        break;
    case "verification":
        ConfirmCase.Map(api);
        break;
    default:
        GetStatistics.Map(api);
        break;
}

await app.RunAsync();
return 0;

async Task<WebApplication> BuildAsync<TContext>(Type consumer) where TContext : PeerContext
{
    builder.Services.AddSingleton<OutboxSignal>();
    builder.Services.AddDbContextPool<TContext>((provider, options) => options
        .UseNpgsql(builder.Configuration.GetConnectionString("peer"))
        .AddInterceptors(provider.GetRequiredService<OutboxSignal>()));
    builder.Services.AddHostedService<DeliverOutbox<TContext>>();
    builder.Services.AddMassTransit(bus =>
    {
        bus.DisableUsageTelemetry();
        bus.AddConsumer(consumer);
        bus.UsingRabbitMq((context, rabbit) =>
        {
            rabbit.Host(new Uri(builder.Configuration.GetConnectionString("bus")!));
            rabbit.ReceiveEndpoint($"peer-{service}", endpoint =>
            {
                endpoint.SetQuorumQueue();
                endpoint.PrefetchCount = 64;
                endpoint.ConcurrentMessageLimit = 16;
                endpoint.UseMessageRetry(retry => retry.Intervals(50, 250, 1000));
                endpoint.ConfigureConsumer(context, consumer);
            });
        });
    });
    var built = builder.Build();
    await using var scope = built.Services.CreateAsyncScope();
    await scope.ServiceProvider.GetRequiredService<TContext>().Database.EnsureCreatedAsync();
    return built;
}
