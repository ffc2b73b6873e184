using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>What a webhook's message tells; its <c>type</c>.</summary>
public static class MessageTypes
{
    /// <summary>An entry in the grant's scope was confirmed.</summary>
    public const string EntryConfirmed = "entry.confirmed";

    /// <summary>A confirmation took the place of an earlier one.</summary>
    public const string EntryAmended = "entry.amended";

    /// <summary>A confirmation was taken back, or what was amended is no longer in the grant's scope.</summary>
    public const string EntryRevoked = "entry.revoked";

    /// <summary>A volunteer gave the agency a grant.</summary>
    public const string GrantGiven = "grant.given";

    /// <summary>A volunteer took a grant back. The last message about it.</summary>
    public const string GrantWithdrawn = "grant.withdrawn";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [EntryConfirmed, EntryAmended, EntryRevoked, GrantGiven, GrantWithdrawn];
}

/// <summary>The agency said where it wants messages, and which.</summary>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="Url">Where to; the analysts' feed leaves it out, as it may hold a token.</param>
/// <param name="Messages">Types of messages, see <see cref="MessageTypes"/>.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Form">Name of the form in which entries' messages carry the record; null for the entry alone.</param>
public sealed record WebhookSet(
    string Agency, string Url, IReadOnlyList<string> Messages, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Form = null);

/// <summary>A secret was made for the webhook; the one before it signs a day longer. The secret itself lies in <c>keys.webhook_secrets</c>, never in an event.</summary>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="At">When, UTC.</param>
public sealed record WebhookSecretMade(string Agency, DateTimeOffset At);

/// <summary>The receiver said 410 Gone: nothing is sent until the agency sets its webhook again.</summary>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="At">When, UTC.</param>
public sealed record WebhookDisabled(string Agency, DateTimeOffset At);

/// <summary>Where an agency wants messages.</summary>
public sealed record Webhook
{
    public Guid Id { get; init; }

    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    /// <summary>Client id of the agency.</summary>
    public required string Agency { get; init; }

    public required string Url { get; init; }

    public required IReadOnlyList<string> Messages { get; init; }

    /// <summary>Name of the form in which entries' messages carry the record.</summary>
    public string? Form { get; init; }

    /// <summary>When the receiver said that it is gone, UTC; null while it is there.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>The stream of an agency's webhook: UUIDv5 in the agency's own namespace.</summary>
    public static Guid IdOf(Guid agency) => Uuid.V5(agency, "webhook");

    public static Webhook Create(WebhookSet e) => new() { Agency = e.Agency, Url = e.Url, Messages = e.Messages, Form = e.Form };

    public Webhook Apply(WebhookSet e) => this with { Url = e.Url, Messages = e.Messages, Form = e.Form, DisabledAt = null };

    public Webhook Apply(WebhookSecretMade _) => this;

    public Webhook Apply(WebhookDisabled e) => this with { DisabledAt = e.At };
}
