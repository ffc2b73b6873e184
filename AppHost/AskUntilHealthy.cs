using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace VolunteerBook.AppHost;

/// <summary>
/// Aspire asks a resource for its health every few seconds, and what starts after it waits that long. Here a check goes on asking until the answer is yes, so
/// that the yes is heard when it comes; a resource that was healthy and is not any more is told at once.
/// </summary>
internal sealed class AskUntilHealthy(IHealthCheck inner, AskUntilHealthy.Known known) : IHealthCheck
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    // Then it says what is wrong, and is asked anew.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>Puts it around every check that is registered.</summary>
    public static void Everywhere(IServiceCollection services) => services.PostConfigure<HealthCheckServiceOptions>(options =>
    {
        foreach (var registration in options.Registrations)
        {
            var make = registration.Factory;
            var known = new Known();
            registration.Factory = provider => new AskUntilHealthy(make(provider), known);
            // A round that waits for its resource ends by itself.
            registration.Timeout = Timeout.InfiniteTimeSpan;
        }
    });

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            var result = await AskAsync(context, cancellationToken);
            if (result.Status == HealthStatus.Healthy || known.WasHealthy || clock.Elapsed > Longest)
            {
                known.WasHealthy = result.Status == HealthStatus.Healthy;
                return result;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private async Task<HealthCheckResult> AskAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await inner.CheckHealthAsync(context, patience.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy(exception.Message);
        }
    }

    /// <summary>What the rounds before have heard.</summary>
    internal sealed class Known
    {
        public bool WasHealthy { get; set; }
    }
}
