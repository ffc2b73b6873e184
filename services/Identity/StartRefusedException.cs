namespace VolunteerBook.Identity;

/// <summary>The service must not start; the message is one line that says why and what to change.</summary>
public sealed class StartRefusedException(string reason) : Exception("Identity does not start: " + reason);
