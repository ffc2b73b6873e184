using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using JasperFx;
using Marten;
using Npgsql;
using NpgsqlTypes;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>
/// Sends what waits: of each agency and volunteer the earliest message only, so that they arrive in the order of the log, and those of different volunteers
/// side by side. Every instance sends; a message is claimed for as long as an attempt can take, in the table. An instance that dies holds up no more than what
/// it had claimed, and for no longer; what it had sent and not yet noted is sent again under the same id.
/// </summary>
internal sealed partial class SendMessages(
    IDocumentStore store, NpgsqlDataSource database, Post post, MessageSignal signal, MasterKey master, TimeProvider clock, IConfiguration configuration,
    ILogger<SendMessages> logger) : BackgroundService
{
    private const int MostAtOnceOfAnAgency = 8;
    private static readonly Counter<long> Attempts = Telemetry.Meter.CreateCounter<long>(
        "volunteerbook.webhooks.attempts", "{attempt}", "Attempts to call agencies' webhooks, by outcome");

    private readonly TimeSpan look = configuration.GetValue("Webhooks:Look", TimeSpan.FromSeconds(5));
    private readonly HashSet<Task> sending = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = signal.Next;
            try
            {
                foreach (var claimed in await ClaimAsync(stoppingToken))
                {
                    Start(claimed, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                NotClaimed(exception.Message);
            }

            await next.WaitAsync(look, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task[] last;
        lock (sending)
        {
            last = [.. sending];
        }

        await Task.WhenAll(last);
    }

    private void Start(Claimed claimed, CancellationToken stoppingToken)
    {
        var task = Task.Run(() => TryAsync(claimed, stoppingToken), CancellationToken.None);
        lock (sending)
        {
            sending.Add(task);
        }

        _ = task.ContinueWith(
            done =>
            {
                lock (sending)
                {
                    sending.Remove(done);
                }

                signal.Set();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task TryAsync(Claimed claimed, CancellationToken stoppingToken)
    {
        try
        {
            await SendAsync(claimed, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends in good order: whoever comes next need not wait for the claim to run out.
            await NoteAsync("update webhook_deliveries set claimed_until = null where id = $1", [claimed.Id], CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Nothing was noted: the claim runs out, and the message is sent again.
            NotSent(claimed.Id, exception.Message);
        }
    }

    private async Task SendAsync(Claimed claimed, CancellationToken ct)
    {
        await using var session = store.LightweightSession();
        session.LastModifiedBy = "ledger";
        session.CorrelationId = claimed.Id.ToString();
        session.CausationId = claimed.EventId.ToString();
        session.SetHeader(Attribution.KindHeader, "service");
        var webhook = await session.LoadAsync<Webhook>(Webhook.IdOf(claimed.AgencyId), ct);
        if (!await MayBeToldAsync(session, claimed, webhook, ct))
        {
            await NoteAsync(
                """
                update webhook_deliveries set status = 'dropped', body = null, next_at = null, claimed_until = null, last_at = $2
                where id = $1 and status = 'pending'
                """,
                [claimed.Id, clock.GetUtcNow()], ct);
            return;
        }

        if (webhook is null or { DisabledAt: not null } || claimed.Body is null)
        {
            await NoteAsync("update webhook_deliveries set next_at = null, claimed_until = null where id = $1 and status = 'pending'", [claimed.Id], ct);
            return;
        }

        var answer = await post.SendAsync(webhook.Url, claimed.Id, claimed.Body, await SecretsAsync(claimed.AgencyId, ct), ct);
        var now = clock.GetUtcNow();
        var attempt = Attempt.Decide(claimed.Attempts + 1, answer, now, RandomNumberGenerator.GetInt32(1000) / 1000.0);
        Attempts.Add(1, new KeyValuePair<string, object?>("outcome", answer.Error ?? (answer.IsSuccess ? "delivered" : "refused")));
        // A stop must not undo what is known by now.
        await NoteAsync(
            """
            update webhook_deliveries set status = $2, next_at = $3, attempts = attempts + 1, last_at = $4, last_status = $5,
                last_error = $6, claimed_until = null
            where id = $1 and (status = 'pending' or $2 = 'delivered')
            """,
            [
                claimed.Id, GetMessagesEndpoint.NameOf(attempt.Status), GetMessagesEndpoint.Moment(attempt.NextAt), now,
                new NpgsqlParameter { Value = (object?)answer.Status ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                new NpgsqlParameter { Value = (object?)answer.Error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            ],
            CancellationToken.None);
        if (answer.IsGone)
        {
            await DisableAsync(session, claimed.AgencyId, now);
        }
    }

    /// <summary>
    /// Whether the grant still lets this be told. That data is about to be given is recorded in the grant's stream before the first attempt,
    /// once, under the lock that reads take as well.
    /// </summary>
    private async Task<bool> MayBeToldAsync(IDocumentSession session, Claimed claimed, Webhook? webhook, CancellationToken ct)
    {
        if (claimed.Type == MessageTypes.GrantWithdrawn)
        {
            return true;
        }

        var now = clock.GetUtcNow();
        var agency = await session.LoadAsync<Agency>(claimed.AgencyId, ct);
        if (claimed.Recorded || claimed.Type == MessageTypes.GrantGiven || webhook is null or { DisabledAt: not null })
        {
            return agency is not null && await session.LoadAsync<Grant>(claimed.GrantId, ct) is { } standing && standing.Allows(agency, now);
        }

        var stream = await session.Events.FetchForExclusiveWriting<Grant>(claimed.GrantId, ct);
        if (agency is null || stream.Aggregate is not { } grant || !grant.Allows(agency, now))
        {
            return false;
        }

        stream.AppendOne(new DataGiven(
            grant.VolunteerId, grant.Agency, grant.Purpose, AccessMeans.Webhook,
            claimed.Entries, claimed.Minutes, now, claimed.Form, claimed.Type, claimed.Id));
        session.QueueSqlCommand("update webhook_deliveries set recorded = true where id = ?", claimed.Id);
        await session.SaveChangesAsync(ct);
        return true;
    }

    private static async Task DisableAsync(IDocumentSession session, Guid agency, DateTimeOffset now)
    {
        try
        {
            var stream = await session.Events.FetchForWriting<Webhook>(Webhook.IdOf(agency));
            if (stream.Aggregate is { DisabledAt: null } webhook)
            {
                stream.AppendOne(new WebhookDisabled(webhook.Agency, now));
                await session.SaveChangesAsync();
            }
        }
        catch (ConcurrencyException)
        {
            // Another message was answered the same, or the agency sets its webhook at this moment: then that counts.
        }
    }

    /// <summary>Claims what is due of the messages that are the first of their agency and volunteer.</summary>
    private async Task<IReadOnlyList<Claimed>> ClaimAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            """
            with heads as (
                select distinct on (agency_id, volunteer_id) id, agency_id, number, next_at, claimed_until
                from webhook_deliveries where status = 'pending' order by agency_id, volunteer_id, number
            ), counted as (
                select *, count(*) filter (where claimed_until > now()) over (partition by agency_id) as busy from heads
            ), due as (
                select id, busy + row_number() over (partition by agency_id order by next_at, number) as place
                from counted where next_at <= $1 and (claimed_until is null or claimed_until <= now())
            )
            update webhook_deliveries delivery set claimed_until = now() + $2
            from (
                select id from webhook_deliveries
                where id in (select id from due where place <= $3) and status = 'pending' and (claimed_until is null or claimed_until <= now())
                for update skip locked
            ) claimed
            where delivery.id = claimed.id
            returning delivery.id, agency_id, grant_id, event_id, type, body, form, entries, minutes, attempts, recorded
            """);
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        // An attempt takes no longer than its limit, and as long again is left for noting what became of it.
        command.Parameters.Add(new() { Value = post.Timeout * 2 });
        command.Parameters.Add(new() { Value = (long)MostAtOnceOfAnAgency });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var claimed = new List<Claimed>();
        while (await rows.ReadAsync(ct))
        {
            claimed.Add(new Claimed(
                rows.GetGuid(0), rows.GetGuid(1), rows.GetGuid(2), rows.GetGuid(3), rows.GetString(4),
                await rows.IsDBNullAsync(5, ct) ? null : rows.GetString(5), await rows.IsDBNullAsync(6, ct) ? null : rows.GetString(6),
                rows.GetInt32(7), rows.GetInt64(8), rows.GetInt32(9), rows.GetBoolean(10)));
        }

        return claimed;
    }

    private async Task<IReadOnlyList<byte[]>> SecretsAsync(Guid agency, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select secret from keys.webhook_secrets where agency_id = $1 and (until is null or until > $2) order by made_at desc");
        command.Parameters.Add(new() { Value = agency });
        command.Parameters.Add(new() { Value = clock.GetUtcNow() });
        await using var rows = await command.ExecuteReaderAsync(ct);
        var secrets = new List<byte[]>();
        while (await rows.ReadAsync(ct))
        {
            secrets.Add(WebhookSecret.Open(master, agency, rows.GetFieldValue<byte[]>(0)));
        }

        return secrets;
    }

    private async Task NoteAsync(string sql, object[] values, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(value as NpgsqlParameter ?? new() { Value = value });
        }

        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed record Claimed(
        Guid Id, Guid AgencyId, Guid GrantId, Guid EventId, string Type, string? Body, string? Form, int Entries, long Minutes, int Attempts, bool Recorded);

    [LoggerMessage(LogLevel.Warning, "Messages waiting for webhooks could not be looked up: {Error}")]
    private partial void NotClaimed(string error);

    [LoggerMessage(LogLevel.Warning, "Message {Id} could not be sent, or its outcome could not be recorded; it will be sent again: {Error}")]
    private partial void NotSent(Guid id, string error);
}
