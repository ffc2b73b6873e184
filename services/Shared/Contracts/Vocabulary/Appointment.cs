namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A person's right to act for an organisation.</summary>
/// <param name="PersonId">The person.</param>
/// <param name="From">First instant, UTC; null for somebody who was removed.</param>
/// <param name="Until">First instant after it, UTC; null while it has no end.</param>
public readonly record struct Appointment(Guid PersonId, DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>Whether it holds at this instant.</summary>
    public bool IsInForce(DateTimeOffset now) => From <= now && !(Until <= now);

    /// <summary>
    /// Whether it follows on the one before it without a break: then the person's deputies stay. After a break they are not there again by themselves.
    /// </summary>
    public bool Continues(Appointment before) => !(before.Until < From);
}
