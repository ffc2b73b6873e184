using System.Text.Json;
using Marten;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.EventSourcing;

internal delegate Task UntypedHandle(JsonElement data, Received received, IDocumentSession session, CancellationToken cancellationToken);
