using Marten;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Vacancies.Organisations;

/// <summary>
/// Profiles tells who may act for an organisation. A fact that is older than the one known about the same thing changes nothing, in whatever order they come.
/// </summary>
public static class WhenOrganisationChanged
{
    public static Task Approved(OrganisationApprovedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        RecordAsync(told.OrganisationId, known => Decide(known, told), session, ct);

    public static Task Appointed(CoordinatorAppointedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        RecordAsync(told.OrganisationId, known => Decide(known, told), session, ct);

    public static Task Removed(CoordinatorRemovedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        RecordAsync(told.OrganisationId, known => Decide(known, told), session, ct);

    public static Task Suspended(OrganisationSuspendedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        RecordAsync(told.OrganisationId, known => Decide(known, told), session, ct);

    public static Task Reinstated(OrganisationReinstatedV1 told, Received received, IDocumentSession session, CancellationToken ct) =>
        RecordAsync(told.OrganisationId, known => Decide(known, told), session, ct);

    public static Decision Decide(Coordination? known, OrganisationSuspendedV1 told) => known?.KnowsSuspension(told.Version, told.At) == true
        ? Decision.Nothing
        : Decision.Append(new OrganisationSuspended(told.Version, told.At));

    public static Decision Decide(Coordination? known, OrganisationReinstatedV1 told) => known?.KnowsSuspension(told.Version, told.At) == true
        ? Decision.Nothing
        : Decision.Append(new OrganisationReinstated(told.Version, told.At));

    public static Decision Decide(Coordination? known, OrganisationApprovedV1 told) => known?.KnowsApproval(told.Version, told.At) == true
        ? Decision.Nothing
        : Decision.Append(new OrganisationApproved(told.Name, told.Version, told.At));

    public static Decision Decide(Coordination? known, CoordinatorAppointedV1 told) => known?.Knows(told.PersonId, told.Version, told.At) == true
        ? Decision.Nothing
        : Decision.Append(new CoordinatorAppointed(told.PersonId, told.From, told.Until, told.Version, told.At));

    public static Decision Decide(Coordination? known, CoordinatorRemovedV1 told) => known?.Knows(told.PersonId, told.Version, told.At) == true
        ? Decision.Nothing
        : Decision.Append(new CoordinatorRemoved(told.PersonId, told.Version, told.At));

    private static async Task RecordAsync(Guid organisation, Func<Coordination?, Decision> decide, IDocumentSession session, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Coordination>(organisation, ct);
        stream.AppendMany(decide(stream.Aggregate).Events);
    }
}
