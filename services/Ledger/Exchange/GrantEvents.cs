using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Exchange;

/// <summary>How much a grant gives.</summary>
public enum GrantDepth
{
    /// <summary>Sums only: minutes, entries, points, grades.</summary>
    [JsonStringEnumMemberName("totals")]
    Totals,

    /// <summary>The sums and each confirmed entry.</summary>
    [JsonStringEnumMemberName("entries")]
    Entries,
}

/// <summary>What of a book a grant gives, or what of it is shown.</summary>
/// <param name="Gives">How much.</param>
/// <param name="From">The first day of the work, by the shifts' own clocks; null for no bound.</param>
/// <param name="To">The last day of the work; null for no bound.</param>
/// <param name="OrganisationId">Work for this organisation only; null for all.</param>
public sealed record GrantScope(
    GrantDepth Gives,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? From = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? To = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? OrganisationId = null)
{
    /// <summary>The days of the work.</summary>
    [JsonIgnore]
    public Period Period => new(From, To);
}

/// <summary>By which way data went to an agency.</summary>
public enum AccessMeans
{
    /// <summary>The agency asked.</summary>
    [JsonStringEnumMemberName("read")]
    Read,

    /// <summary>It was sent to the agency's webhook.</summary>
    [JsonStringEnumMemberName("webhook")]
    Webhook,
}

/// <summary>A volunteer allowed an agency to read confirmed data.</summary>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="Purpose">Code of the purpose.</param>
/// <param name="Scope">What it gives.</param>
/// <param name="Until">The last day on which it holds, UTC.</param>
/// <param name="At">When it was given, UTC.</param>
public sealed record GrantGiven(Guid VolunteerId, string Agency, string Purpose, GrantScope Scope, DateOnly Until, DateTimeOffset At);

/// <summary>The volunteer took the grant back.</summary>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="Purpose">Code of the purpose.</param>
/// <param name="At">When, UTC.</param>
public sealed record GrantWithdrawn(Guid VolunteerId, string Agency, string Purpose, DateTimeOffset At);

/// <summary>
/// Data was given to the agency under the grant. Recorded in the transaction of the read, or before the webhook is
/// called: what cannot be recorded is not given.
/// </summary>
/// <param name="VolunteerId">Whose book.</param>
/// <param name="Agency">Client id of the agency.</param>
/// <param name="Purpose">Code of the purpose.</param>
/// <param name="Means">By which way.</param>
/// <param name="Entries">How many entries were in it one by one; 0 where it was sums only.</param>
/// <param name="Minutes">Minutes of work that it told of.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Form">Identifier of the form it was put in; null for the plain record.</param>
/// <param name="Message">Type of the webhook's message, e.g. <c>entry.confirmed</c>; null for a read.</param>
/// <param name="DeliveryId">Id of the webhook's message; null for a read.</param>
public sealed record DataGiven(
    Guid VolunteerId, string Agency, string Purpose, AccessMeans Means, int Entries, long Minutes, DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Form = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Message = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? DeliveryId = null);
