namespace VolunteerBook.EventSourcing;

/// <summary>The log is not the one that was read, or ends before what was read of it: who reads it begins again at what the database says.</summary>
internal sealed class LogChangedException(string message) : Exception(message);
