using Marten;

namespace VolunteerBook.EventSourcing;

/// <summary>Handles one integration event: appends to the session, which is saved with the reader's position in one transaction.</summary>
public delegate Task Handle<in T>(T message, Received received, IDocumentSession session, CancellationToken cancellationToken);
