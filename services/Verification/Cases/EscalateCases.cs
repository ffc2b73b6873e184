using JasperFx;
using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Cases;

/// <summary>Escalates what its organisation has not decided within its limit (N9): the leader looks every minute (<c>Escalation:Look</c>).</summary>
public sealed partial class EscalateCases(IDocumentStore store, TimeProvider clock, IConfiguration configuration, ILogger<EscalateCases> logger) : IWhileLeading
{
    private const int PageSize = 200;
    private readonly TimeSpan look = configuration.GetValue("Escalation:Look", TimeSpan.FromMinutes(1));

    public Task RunAsync(CancellationToken leading) => clock.EveryAsync(look, LookAsync, exception => NotEscalated(exception.Message), leading);

    // By place, not by what is left: a case that cannot be escalated must not stand in the way of those after it.
    private async Task LookAsync(CancellationToken ct)
    {
        Cursor? place = null;
        IReadOnlyList<Case> late;
        do
        {
            await using var session = store.QuerySession();
            late = await session.QueryAsync<Case>(
                "where status = 'Open' and escalated_at is null and due_at <= ? and (due_at, id) > (?, ?) order by due_at, id limit ?",
                ct, clock.GetUtcNow(), place?.At ?? DateTimeOffset.MinValue, place?.Id ?? Guid.Empty, PageSize);
            foreach (var found in late)
            {
                place = new Cursor(found.DueAt, found.Id);
                await EscalateAsync(found.Id, ct);
            }
        }
        while (late.Count == PageSize);
    }

    private async Task EscalateAsync(Guid id, CancellationToken ct)
    {
        try
        {
            await using var session = store.LightweightSession();
            session.LastModifiedBy = "verification";
            session.SetHeader(Attribution.KindHeader, "service");
            var stream = await session.Events.FetchForWriting<Case>(id, ct);
            stream.AppendMany(Decide(stream.Aggregate!, clock.GetUtcNow()).Events);
            await session.SaveChangesAsync(ct);
        }
        catch (ConcurrencyException)
        {
            // It is being decided at this moment; if not, the next look finds it again.
        }
        catch (Exception exception) when (!ct.IsCancellationRequested)
        {
            NotEscalated(exception.Message);
        }
    }

    /// <summary>Pure: a late case is escalated once.</summary>
    public static Decision Decide(Case found, DateTimeOffset now) =>
        found.EscalatedAt is null && found.IsOverdue(now)
            ? Decision.Append(new CaseEscalated(found.EntryId, found.Revision, found.OrganisationId, found.LimitDays, now))
            : Decision.Nothing;

    [LoggerMessage(LogLevel.Warning, "Late cases could not be escalated: {Error}")]
    private partial void NotEscalated(string error);
}
