using Npgsql;
using OpenIddict.Abstractions;
using VolunteerBook.Mail;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Identity;

/// <summary>
/// Every hour: takes up keys that another instance has made, makes new ones in time, and removes tokens, sessions, links and mails that nobody can use any
/// more. Of several instances one removes at a time.
/// </summary>
public sealed partial class Upkeep(IServiceScopeFactory scopes, Keys keys, IConfiguration configuration, TimeProvider clock, ILogger<Upkeep> log)
    : BackgroundService
{
    /// <summary>The most rows that one transaction removes.</summary>
    public const int BatchSize = 1000;

    // Any number will do, as long as all instances take the same.
    const long RemovalLock = 0x766F6C_75706B70;

    static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    readonly TimeSpan keptAfterUse = TimeSpan.FromDays(configuration.RetentionDays("TokensDays", 30, LeastDays(configuration)));

    // Who uses a refresh token a second time has stolen it, or it was stolen from him: that is noticed for as long as the used one is still known.
    static int LeastDays(IConfiguration configuration) => Math.Max(1, (int)Math.Ceiling(Server.RefreshTokenLifetime(configuration).TotalDays));

    readonly TimeSpan mailKept = TimeSpan.FromDays(configuration.RetentionDays("MailDays", MailTable.KeptDays, MailTable.LeastDays));

    // The database may be away for a while; the next hour will do.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => clock.EveryAsync(Interval, LookAfterAsync, Failed, stoppingToken);

    private async Task LookAfterAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await keys.RenewAsync(scope.ServiceProvider.GetRequiredService<IdentityStore>(), ct);

        // A connection of its own: the lock ends with it, whatever happens below.
        await using var turn = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("identity")) { Pooling = false }.ConnectionString);
        await turn.OpenAsync(ct);
        await using var take = new NpgsqlCommand($"SELECT pg_try_advisory_lock({RemovalLock})", turn);
        if (await take.ExecuteScalarAsync(ct) is true) await RemoveAsync(scope.ServiceProvider, ct);
    }

    private async Task RemoveAsync(IServiceProvider services, CancellationToken ct)
    {
        var before = clock.GetUtcNow() - keptAfterUse;
        await services.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, ct);
        await services.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, ct);
        await services.GetRequiredService<AccountLinks>().PruneAsync(ct);
        await services.GetRequiredService<AccountMail>().PruneAsync(clock.GetUtcNow() - mailKept, ct);
        await services.GetRequiredService<Throttle>().PruneAsync(ct);
        await services.GetRequiredService<Sessions>().PruneAsync(clock.GetUtcNow() - Server.RefreshTokenLifetime(configuration), ct);
    }

    [LoggerMessage(LogLevel.Error, "The upkeep of keys and tokens failed; the next try is in an hour.")]
    partial void Failed(Exception failure);
}
