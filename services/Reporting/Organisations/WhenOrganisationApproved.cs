using Marten;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Reporting.Organisations;

/// <summary>The figures learn an organisation's name.</summary>
public static class WhenOrganisationApproved
{
    public static async Task Handle(OrganisationApprovedV1 message, Received received, IDocumentSession session, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Organisation>(message.OrganisationId, ct);
        stream.AppendMany(Decide(stream.Aggregate, message).Events);
    }

    public static Decision Decide(Organisation? organisation, OrganisationApprovedV1 message) =>
        organisation is null || message.Version > organisation.ProfileVersion
            ? Decision.Append(new OrganisationNamed(message.Name, message.Region, message.Version, message.At))
            : Decision.Nothing;
}
