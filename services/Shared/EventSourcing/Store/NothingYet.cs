namespace VolunteerBook.EventSourcing;

/// <summary>An event that nobody appends.</summary>
internal sealed record NothingYet;
