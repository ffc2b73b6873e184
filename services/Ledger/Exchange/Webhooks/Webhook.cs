using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

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
