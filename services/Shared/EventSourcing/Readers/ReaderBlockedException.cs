namespace VolunteerBook.EventSourcing;

/// <summary>A reader does nothing more with a publisher's messages until one that it could not handle is handled or passed over.</summary>
internal sealed class ReaderBlockedException(string message, Exception? cause = null) : Exception(message, cause);
