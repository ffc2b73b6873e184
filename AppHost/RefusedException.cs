namespace VolunteerBook.AppHost;

/// <summary>Something that the person at the keyboard can act on. The message is whole sentences for them; no stack trace is shown.</summary>
public sealed class RefusedException(string message) : Exception(message);
