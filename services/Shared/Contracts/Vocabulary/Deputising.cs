namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>A person works on an organisation's queue in the place of a coordinator (N9).</summary>
/// <param name="By">The coordinator.</param>
/// <param name="PersonId">The deputy.</param>
/// <param name="From">First instant, UTC.</param>
/// <param name="Until">First instant after it, UTC.</param>
public readonly record struct Deputising(Guid By, Guid PersonId, DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>Whether it holds at this instant, as far as the period says.</summary>
    public bool IsInForce(DateTimeOffset now) => From <= now && now < Until;
}
