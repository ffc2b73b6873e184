namespace VolunteerBook.EventSourcing;

/// <summary>Another process of the service has the key.</summary>
internal sealed class KeyTakenException() : Exception("Another process is carrying out the request with this Idempotency-Key.");
