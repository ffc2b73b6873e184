namespace VolunteerBook.EventSourcing;

/// <summary>Another process of the service has the key.</summary>
internal sealed class KeyTakenException() : Exception("Another process carries out the request with this Idempotency-Key.");
