using System.Text.Json.Serialization;

namespace VolunteerBook.Ledger.Extracts.Deliveries;

/// <summary>The owner gave an extract to somebody. To whom lies in <c>extract_deliveries</c>, for it names persons; here is nothing that does.</summary>
/// <param name="VolunteerId">Whose extract.</param>
/// <param name="ExtractId">The extract.</param>
/// <param name="ByMail">Whether a mail went with it.</param>
/// <param name="Until">When the link ends, UTC; null without a link.</param>
/// <param name="At">When, UTC.</param>
public sealed record ExtractDelivered(
    Guid VolunteerId, Guid ExtractId, bool ByMail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Until, DateTimeOffset At);

/// <summary>The owner took the link back.</summary>
/// <param name="At">When, UTC.</param>
public sealed record ExtractLinkWithdrawn(DateTimeOffset At);
