using Npgsql;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Portal.Store;

/// <summary>Every ten minutes: takes out sessions and forms whose time is over. They are not read any more in any case.</summary>
sealed partial class ForgetWhatExpired(NpgsqlDataSource database, TimeProvider clock, ILogger<ForgetWhatExpired> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => clock.EveryAsync(TimeSpan.FromMinutes(10), ForgetAsync, Failed, stoppingToken);

    private async Task ForgetAsync(CancellationToken ct)
    {
        foreach (var table in new[] { "sessions", "forms" })
        {
            await using var command = database.Command($"delete from {table} where expires <= $1", clock.GetUtcNow());
            await command.ExecuteNonQueryAsync(ct);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Expired rows could not be removed; the next try is in ten minutes.")]
    partial void Failed(Exception failure);
}
