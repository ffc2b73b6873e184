using JasperFx.Events;
using Marten;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange.Forms;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>
/// Reads the ledger's own log in order, on the instance that leads, and writes each message that an agency is to get into the table of deliveries: in the
/// transaction of its position, so exactly once. A grant that is taken back ends what waits under it.
/// </summary>
internal sealed class EnqueueMessages(MessageSignal signal, TimeProvider clock) : IReadLog
{
    public string Name => "webhook-messages";

    public IReadOnlyCollection<Type> Wants { get; } = [typeof(EntryConfirmed), typeof(EntryRevoked), typeof(GrantGiven), typeof(GrantWithdrawn)];

    public bool ActsByItself => false;

    public void Saved() => signal.Set();

    public async Task HandleAsync(IReadOnlyList<IEvent> events, IDocumentSession session, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var parties = await PartiesAsync(events, session, now, ct);
        var messages = new List<Message>();
        foreach (var stored in events)
        {
            messages.AddRange(await MessagesAsync(stored, parties, session, now, ct));
        }

        var ended = events.Where(stored => stored.Data is GrantWithdrawn).Select(stored => stored.StreamId).ToArray();
        if (messages.Count == 0 && ended.Length == 0)
        {
            return;
        }

        // Their numbers are given one at a time, and what is there already is not written again, whoever else believes to lead.
        session.QueueSqlCommand("select pg_advisory_xact_lock(hashtextextended('webhook_deliveries', 0))");
        Write(session, messages, now);
        if (ended.Length > 0)
        {
            // What was delivered keeps its status, and can no longer be sent again.
            session.QueueSqlCommand(
                """
                update webhook_deliveries set status = case when status = 'pending' then 'dropped' else status end, body = null, next_at = null,
                    last_at = case when status = 'pending' then ? else last_at end
                where grant_id = any(?) and type <> 'grant.withdrawn'
                """, now, ended);
        }
    }

    private static void Write(IDocumentOperations operations, List<Message> messages, DateTimeOffset now)
    {
        if (messages.Count == 0)
        {
            return;
        }

        operations.QueueSqlCommand(
            """
            insert into webhook_deliveries (number, id, agency_id, volunteer_id, grant_id, event_id, type, at, body, form, entries, minutes, status,
                attempts, next_at, recorded)
            select (select coalesce(max(number), 0) from webhook_deliveries) + row_number() over (order by page.place),
                page.id, page.agency_id, page.volunteer_id, page.grant_id, page.event_id, page.type, page.at, page.body, nullif(page.form, ''), page.entries,
                    page.minutes, 'pending', 0, ?, false
            from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::uuid[], ?::text[], ?::timestamptz[], ?::text[], ?::text[], ?::int[], ?::bigint[])
                with ordinality page (id, agency_id, volunteer_id, grant_id, event_id, type, at, body, form, entries, minutes, place)
            where not exists (select 1 from webhook_deliveries known where known.id = page.id)
            """,
            now,
            messages.Select(message => message.Id).ToArray(),
            messages.Select(message => message.AgencyId).ToArray(),
            messages.Select(message => message.VolunteerId).ToArray(),
            messages.Select(message => message.GrantId).ToArray(),
            messages.Select(message => message.EventId).ToArray(),
            messages.Select(message => message.Body.Type).ToArray(),
            messages.Select(message => message.At).ToArray(),
            messages.Select(message => message.Json).ToArray(),
            messages.Select(message => message.Form ?? "").ToArray(),
            messages.Select(message => message.Entries).ToArray(),
            messages.Select(message => message.Minutes).ToArray());
    }

    private static async Task<IReadOnlyList<Message>> MessagesAsync(
        IEvent stored, Parties parties, IQuerySession session, DateTimeOffset now, CancellationToken ct)
    {
        if (stored.Data is GrantGiven or GrantWithdrawn)
        {
            return parties.Grants.FirstOrDefault(grant => grant.Id == stored.StreamId) is { } grant && parties.WebhookOf(grant) is { } webhook
                && Message.OfGrant(stored, grant) is var message && webhook.Messages.Contains(message.Body.Type)
                && (stored.Data is GrantWithdrawn || parties.Allows(grant, now))
                ? [message] : [];
        }

        var volunteer = VolunteerOf(stored);
        var told = parties.Grants.Where(grant => grant.VolunteerId == volunteer && parties.Allows(grant, now) && parties.WebhookOf(grant) is not null).ToList();
        if (told.Count == 0)
        {
            return [];
        }

        var history = await session.Events.FetchStreamAsync(stored.StreamId, version: stored.Version, token: ct);
        var (before, after) =
            (Replay.ViewOf(history.Where(earlier => earlier.Version < stored.Version).Select(Happened.Of)), Replay.ViewOf(history.Select(Happened.Of)));
        var messages = new List<Message>();
        foreach (var grant in told)
        {
            var webhook = parties.WebhookOf(grant)!;
            var form = Form.All.FirstOrDefault(known => known.Name == webhook.Form);
            var record = form is null ? null : await BookRecord.ReadAsync(session, grant.VolunteerId, grant.Scope, now, ct);
            if (Message.OfEntry(stored, before, after, grant, form, record) is { } message && webhook.Messages.Contains(message.Body.Type))
            {
                messages.Add(message);
            }
        }

        return messages;
    }

    private static async Task<Parties> PartiesAsync(IReadOnlyList<IEvent> events, IQuerySession session, DateTimeOffset now, CancellationToken ct)
    {
        var volunteers = events.Select(VolunteerOf).Distinct().ToArray();
        var named = events.Where(stored => stored.Data is GrantGiven or GrantWithdrawn).Select(stored => stored.StreamId).Distinct().ToArray();
        var grants = await session.Query<Grant>()
            .Where(grant => (volunteers.Contains(grant.VolunteerId) && grant.WithdrawnAt == null) || named.Contains(grant.Id)).ToListAsync(ct);
        var agencies = await session.LoadManyAsync<Agency>(ct, grants.Select(grant => grant.AgencyId).Distinct());
        var webhooks = await session.LoadManyAsync<Webhook>(ct, agencies.Select(agency => Webhook.IdOf(agency.Id)));
        return new(grants, agencies.ToDictionary(agency => agency.Id), webhooks.ToDictionary(webhook => Agency.IdOf(webhook.Agency)));
    }

    private static Guid VolunteerOf(IEvent stored) => stored.Data switch
    {
        EntryConfirmed e => e.VolunteerId,
        EntryRevoked e => e.VolunteerId,
        GrantGiven e => e.VolunteerId,
        GrantWithdrawn e => e.VolunteerId,
        _ => throw new InvalidOperationException($"{stored.EventTypeName} is not subscribed to."),
    };

    /// <summary>Who may be told of a page of events.</summary>
    private sealed record Parties(IReadOnlyList<Grant> Grants, IReadOnlyDictionary<Guid, Agency> Agencies, IReadOnlyDictionary<Guid, Webhook> Webhooks)
    {
        public bool Allows(Grant grant, DateTimeOffset now) => Agencies.TryGetValue(grant.AgencyId, out var agency) && grant.Allows(agency, now);

        public Webhook? WebhookOf(Grant grant) => Webhooks.GetValueOrDefault(grant.AgencyId);
    }
}
