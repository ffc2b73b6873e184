using System.Globalization;
using Marten;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.People.Notifications;

/// <summary>
/// Tells those who decide for an organisation that a signing key of it ends: 30, 7 and 1 days before, once each. The leader looks every hour; who becomes a
/// coordinator meanwhile is told then.
/// </summary>
internal sealed partial class TellOfEndingKeys(IDocumentStore store, IRegistry registry, TimeProvider clock, ILogger<TellOfEndingKeys> logger)
    : IWhileLeading
{
    private static readonly TimeSpan Look = TimeSpan.FromHours(1);
    private static readonly int[] DaysBefore = [1, 7, 30];

    public Task RunAsync(CancellationToken leading) => clock.EveryAsync(Look, LookAsync, exception => NotTold(exception.Message), leading);

    /// <summary>Tells of those that end now.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var query = store.QuerySession();
        foreach (var ending in await registry.KeysEndingAsync(query, now, now.AddDays(DaysBefore.Max()), ct))
        {
            if (DueNotice(ending, now) is not { } notice)
            {
                continue;
            }

            // Each by itself: one that fails keeps nobody from being told of the others.
            try
            {
                await TellAsync(ending, notice, now, ct);
            }
            catch (Exception exception) when (!ct.IsCancellationRequested)
            {
                NotTold(exception.Message);
            }
        }
    }

    // One that is there already is passed over by its id.
    private async Task TellAsync(EndingKey ending, Guid notice, DateTimeOffset now, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        await session.NotifyAsync(
        [
            .. (await registry.DecidersAsync(session, ending.OrganisationId, now, ct))
                .Select(person => Notification.Of(notice, NotificationKind.KeyExpires, person, now, ending.OrganisationId) with { Until = ending.Until }),
        ], ct);
        await session.SaveChangesAsync(ct);
    }

    /// <summary>
    /// Which notice is due, by its id; null where none is. A key that was never to last longer than that is not told of: who registered it knows.
    /// </summary>
    public static Guid? DueNotice(EndingKey key, DateTimeOffset now) =>
        DaysBefore.FirstOrDefault(days => key.Until - now <= TimeSpan.FromDays(days)) is var due and > 0 && key.Until > now
            && key.Until - key.From > TimeSpan.FromDays(due)
            ? Uuid.V5(key.OrganisationId, string.Create(CultureInfo.InvariantCulture, $"key/{key.Kid}/{key.Until.UtcDateTime:O}/{due}"))
            : null;

    [LoggerMessage(LogLevel.Warning, "People could not be told of signing keys that end: {Error}")]
    private partial void NotTold(string error);
}
