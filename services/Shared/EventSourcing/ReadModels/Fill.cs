namespace VolunteerBook.EventSourcing;

/// <summary>Fills a read model with what one event says: adds statements, which are carried out with the reader's position in one transaction.</summary>
public delegate void Fill<in T>(T message, Received received, Filling into);
