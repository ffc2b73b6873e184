using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger.Exchange.Forms;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>
/// <c>PUT /api/v1/agency/webhook</c>: an agency says where it wants messages. <c>If-Match: "0"</c> the first time. What waits is sent at once, and a webhook
/// that was disabled (410) is in use again.
/// </summary>
/// <param name="Url">
/// An https address of at most 500 characters, without user, password and fragment; in development also http to loopback. Private
/// addresses are refused outside development.
/// </param>
/// <param name="Messages">
/// Types of messages, at least one of <c>entry.confirmed</c>, <c>entry.amended</c>, <c>entry.revoked</c>,
/// <c>grant.given</c>, <c>grant.withdrawn</c>; null for all.
/// </param>
/// <param name="Form">A form's name: messages of entries then carry the whole record in it; null for the entry alone.</param>
/// <param name="NewSecret">
/// Makes another secret; the one before it signs for 24 hours more, each message then bearing both signatures. The first is made in any case.
/// </param>
public sealed record SetWebhook(string Url, IReadOnlyList<string>? Messages = null, string? Form = null, bool NewSecret = false);

/// <summary>A webhook as its agency sees it.</summary>
/// <param name="Url">Where messages go.</param>
/// <param name="Messages">Which.</param>
/// <param name="Form">In which form entries' messages carry the record; null for the entry alone.</param>
/// <param name="DisabledAt">When the receiver answered 410 Gone, UTC; null while it is in use.</param>
/// <param name="Secret">A secret that was just made, <c>whsec_</c> and base64: told this once.</param>
public sealed record WebhookView(
    string Url, IReadOnlyList<string> Messages, string? Form, DateTimeOffset? DisabledAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Secret = null);

public static class SetWebhookEndpoint
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        // A PUT, also where it makes a secret: the answer to a POST could be kept under its Idempotency-Key, and the secret with it.
        routes.MapPut("/agency/webhook", Handle)
            .RequireAuthorization(Policies.Agency)
            .RequireVersion()
            .WithSummary("Set where messages go; If-Match \"0\" the first time")
            .WithExample(new SetWebhook(
                "https://agency.example/volunteerbook", [MessageTypes.EntryConfirmed, MessageTypes.EntryRevoked, MessageTypes.GrantWithdrawn]));
        routes.MapGet("/agency/webhook", Get).RequireAuthorization(Policies.Agency).WithSummary("Where messages go");
    }

    private static async Task<Results<Ok<WebhookView>, NotFound>> Get(Caller caller, HttpContext http, IQuerySession session, CancellationToken ct)
    {
        if (await session.LoadAsync<Webhook>(Webhook.IdOf(Agency.IdOf(caller.Subject)), ct) is not { } webhook)
        {
            return TypedResults.NotFound();
        }

        ETag.Set(http, webhook.Version);
        return TypedResults.Ok(new WebhookView(webhook.Url, webhook.Messages, webhook.Form, webhook.DisabledAt));
    }

    private static async Task<Results<Ok<WebhookView>, NotFound, ProblemHttpResult>> Handle(
        SetWebhook command, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, IHostEnvironment environment, MasterKey master,
        TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await session.LoadAsync<Agency>(Agency.IdOf(caller.Subject), ct) is not { } agency)
        {
            return TypedResults.NotFound();
        }

        var stream = await session.Events.FetchForWriting<Webhook>(Webhook.IdOf(agency.Id), ct);
        expected.Check(stream.CurrentVersion ?? 0);
        var decision = Decide(agency.ClientId, stream.Aggregate, command, environment.IsDevelopment(), now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        byte[]? secret = null;
        if (decision.Events.OfType<WebhookSecretMade>().Any())
        {
            secret = RandomNumberGenerator.GetBytes(StandardWebhook.SecretLength);
            session.QueueSqlCommand(
                "update keys.webhook_secrets set until = ? where agency_id = ? and until is null", now + StandardWebhook.Overlap, agency.Id);
            session.QueueSqlCommand(
                "insert into keys.webhook_secrets (agency_id, made_at, secret) values (?, ?, ?)", agency.Id, now,
                WebhookSecret.Hide(master, agency.Id, secret));
        }

        session.QueueSqlCommand("update webhook_deliveries set next_at = ? where agency_id = ? and status = 'pending'", now, agency.Id);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.Ok(new WebhookView(
            command.Url, command.Messages ?? MessageTypes.All, command.Form, null, secret is null ? null : StandardWebhook.Text(secret)));
    }

    public static Decision Decide(string agency, Webhook? webhook, SetWebhook command, bool isDevelopment, DateTimeOffset now)
    {
        var messages = command.Messages ?? MessageTypes.All;
        var broken = Refusal.All(
        [
            CheckUrl(command.Url, isDevelopment),
            messages.Count == 0 ? Refusal.Invalid("messages-missing", "messages", "Name at least one type of message.") : null,
            .. messages.Select((message, index) => MessageTypes.All.Contains(message) ? null
                : Refusal.Invalid("unknown-message", $"messages[{index}]", $"Each type of message must be one of {string.Join(", ", MessageTypes.All)}.")),
            command.Form is null || Form.All.Any(form => form.Name == command.Form) ? null
                : Refusal.Invalid("unknown-form", "form", $"The form must be one of {string.Join(", ", Form.All.Select(form => form.Name))}."),
        ]);
        if (broken is not null)
        {
            return broken;
        }

        var same = webhook is { DisabledAt: null } && webhook.Url == command.Url && webhook.Form == command.Form && webhook.Messages.SequenceEqual(messages);
        object[] events =
        [
            .. same ? Array.Empty<object>() : [new WebhookSet(agency, command.Url, messages, now, command.Form)],
            .. webhook is not null && !command.NewSecret ? Array.Empty<object>() : [new WebhookSecretMade(agency, now)],
        ];
        return events.Length == 0 ? Decision.Nothing : Decision.Append(events);
    }

    private static Refusal? CheckUrl(string url, bool isDevelopment)
    {
        if (url.Length > 500 || url.Any(char.IsControl) || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0
            || !(uri.Scheme == Uri.UriSchemeHttps || (isDevelopment && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)))
        {
            return Refusal.Invalid("url-malformed", "url",
                "The URL must be an absolute https address of at most 500 characters, without user, password or fragment.");
        }

        // A name is looked up when it is called: what it leads to can change.
        var isPrivate = uri.IsLoopback || (IPAddress.TryParse(uri.IdnHost, out var address) && !PublicAddresses.IsPublic(address));
        return isPrivate && !isDevelopment ? Refusal.Invalid("address-refused", "url", "The URL must lead to an address on the public Internet.") : null;
    }
}
