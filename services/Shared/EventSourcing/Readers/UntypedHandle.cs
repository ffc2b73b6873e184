using System.Text.Json;
using Marten;

namespace VolunteerBook.EventSourcing;

internal delegate Task UntypedHandle(JsonElement data, Received received, IDocumentSession session, CancellationToken cancellationToken);
