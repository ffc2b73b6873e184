using System.Globalization;
using JasperFx.Events.Projections;
using Marten;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

/// <summary>
/// <c>projections list</c>, and <c>projections rebuild NAME</c>: makes what a projection keeps anew from the events. Ours are inline, written in the
/// transactions of requests, so no instance may run meanwhile. JasperFx has commands of these names; its <c>projections</c> without more runs a daemon for
/// ever, and it speaks of itself where a script wants lines.
/// </summary>
internal sealed class ProjectionsVerb(IDocumentStore store, Leadership leadership) : IVerb
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(12);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public string Name => "projections";

    public string Usage => "projections list\nprojections rebuild NAME";

    public async Task<int?> RunAsync(string[] args, CancellationToken ct)
    {
        var all = ((StoreOptions)store.Options).Projections.All.Where(projection => projection.Lifecycle != ProjectionLifecycle.Live).ToList();
        switch (args)
        {
            case ["list"]:
                foreach (var projection in all.OrderBy(projection => projection.Name, StringComparer.Ordinal))
                {
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"{projection.Name} version {projection.Version}, {$"{projection.Lifecycle}".ToLowerInvariant()}"));
                }

                return 0;
            case ["rebuild", var name]:
                if (!all.Any(projection => projection.Name == name))
                {
                    Console.WriteLine($"There is no projection {name}.");
                    return 1;
                }

                await using (await AloneAsync(ct))
                {
                    using var daemon = await store.BuildProjectionDaemonAsync();
                    await daemon.RebuildProjectionAsync(name, Longest, ct);
                }

                Console.WriteLine($"{name} was rebuilt.");
                return 0;
            default:
                return null;
        }
    }

    // Some instance of a service that runs leads, always; who stops just now is waited for.
    private async Task<IAsyncDisposable> AloneAsync(CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            return await leadership.TakeAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new InvalidOperationException("The service is running, and its requests write what is to be rebuilt. Stop all of its instances first.");
        }
    }
}
