using OpenIddict.Abstractions;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>
/// Every hour: takes up keys that another instance has made, makes new ones in time, and removes tokens and sessions that nobody can use any more.
/// </summary>
public sealed partial class Upkeep(IServiceScopeFactory scopes, Keys keys, IConfiguration configuration, TimeProvider clock, ILogger<Upkeep> log) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1), KeptAfterUse = TimeSpan.FromDays(30);

    // The database may be away for a while; the next hour will do.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => clock.EveryAsync(Interval, LookAfterAsync, Failed, stoppingToken);

    private async Task LookAfterAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await keys.RenewAsync(scope.ServiceProvider.GetRequiredService<IdentityStore>(), ct);
        var before = clock.GetUtcNow() - KeptAfterUse;
        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, ct);
        await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, ct);
        await scope.ServiceProvider.GetRequiredService<Throttle>().PruneAsync(ct);
        await scope.ServiceProvider.GetRequiredService<Sessions>().PruneAsync(clock.GetUtcNow() - Server.RefreshTokenLifetime(configuration), ct);
    }

    [LoggerMessage(LogLevel.Error, "Keys and tokens could not be looked after; the next try is in an hour.")]
    partial void Failed(Exception failure);
}
