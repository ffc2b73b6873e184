using System.Text.Json;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using VolunteerBook.Contracts;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Vacancies.Tests.Host;

/// <summary>Tells what Profiles would tell, in both of its ways: the feed of its integration events over HTTP, and the broker.</summary>
internal sealed class ProfilesStandIn : IAsyncDisposable
{
    private readonly List<IntegrationMessage> told = [];
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly WebApplication feed;

    private ProfilesStandIn(WebApplication feed) => this.feed = feed;

    public Uri Address { get; private set; } = null!;

    public static async Task<ProfilesStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var profiles = new ProfilesStandIn(builder.Build());
        profiles.feed.MapGet("/integration-events", (long after, int limit) =>
        {
            lock (profiles.told)
            {
                return Microsoft.AspNetCore.Http.Results.Json(profiles.told.Where(message => message.Number > after).Take(limit).ToList(), Json.Options);
            }
        });
        await profiles.feed.StartAsync();
        profiles.Address = new Uri(profiles.feed.Urls.First());
        return profiles;
    }

    /// <summary>Tells facts, each under the next number. The answer is the last number.</summary>
    public async Task<long> TellAsync(IBus bus, params object[] facts)
    {
        var exchange = await bus.GetSendEndpoint(new Uri("exchange:volunteerbook.profiles?type=fanout"));
        await gate.WaitAsync();
        try
        {
            foreach (var fact in facts)
            {
                var message = new IntegrationMessage(
                    "profiles", told.Count + 1, Guid.CreateVersion7(), fact.GetType().Name, DateTimeOffset.UtcNow, null, null, null,
                    JsonSerializer.SerializeToElement(fact, fact.GetType(), Json.Options));
                lock (told)
                {
                    told.Add(message);
                }

                await exchange.Send(message);
            }

            return told.Count;
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await feed.DisposeAsync();
        gate.Dispose();
    }
}
