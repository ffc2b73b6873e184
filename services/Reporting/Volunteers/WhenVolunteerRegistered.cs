using Marten;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Reporting.Volunteers;

/// <summary>A new volunteer is counted in their region, once.</summary>
public static class WhenVolunteerRegistered
{
    public static async Task Handle(VolunteerRegisteredV1 message, Received received, IDocumentSession session, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Volunteer>(message.VolunteerId, ct);
        stream.AppendMany(Decide(stream.Aggregate, message).Events);
    }

    public static Decision Decide(Volunteer? volunteer, VolunteerRegisteredV1 message) =>
        volunteer is null ? Decision.Append(new VolunteerCounted(message.Region, message.At)) : Decision.Nothing;
}
