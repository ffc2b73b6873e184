namespace VolunteerBook.EventSourcing;

/// <summary>The read model that a reader filled was dropped: there is nothing left for it to do.</summary>
internal sealed class ReaderDroppedException(string message) : Exception(message);
