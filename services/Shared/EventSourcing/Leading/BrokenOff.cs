namespace VolunteerBook.EventSourcing;

/// <summary>That an instance's leading broke off.</summary>
/// <param name="Since">The first time of those that came soon after each other, UTC.</param>
/// <param name="Last">The last time, UTC.</param>
/// <param name="Error">Why it did then.</param>
internal sealed record BrokenOff(DateTimeOffset Since, DateTimeOffset Last, string Error);
