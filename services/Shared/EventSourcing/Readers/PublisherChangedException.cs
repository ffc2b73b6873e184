namespace VolunteerBook.EventSourcing;

/// <summary>The publisher's log is not the one that the reader stands in, or not as long as it was.</summary>
internal sealed class PublisherChangedException(string message) : Exception(message);
