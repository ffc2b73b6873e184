using System.Text.Json.Serialization;

namespace VolunteerBook.Ledger.Exchange.Webhooks;

/// <summary>The agency said where it wants messages, and which.</summary>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="Url">Where to; the analysts' feed leaves it out, as it may hold a token.</param>
/// <param name="Messages">Types of messages, see <see cref="MessageTypes"/>.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Form">Name of the form in which entries' messages carry the record; null for the entry alone.</param>
public sealed record WebhookSet(
    string Agency, string Url, IReadOnlyList<string> Messages, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Form = null);

/// <summary>
/// A secret was made for the webhook; the one before it signs a day longer. The secret itself lies in <c>keys.webhook_secrets</c>, never in an event.
/// </summary>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="At">When, UTC.</param>
public sealed record WebhookSecretMade(string Agency, DateTimeOffset At);

/// <summary>The receiver said 410 Gone: nothing is sent until the agency sets its webhook again.</summary>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="At">When, UTC.</param>
public sealed record WebhookDisabled(string Agency, DateTimeOffset At);
