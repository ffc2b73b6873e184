using Marten;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Verification.Organisations;

/// <summary>Takes over from Profiles who may decide and sign for an organisation.</summary>
public static class WhenOrganisationChanges
{
    public static Task Approved(OrganisationApprovedV1 changed, Received received, IDocumentSession session, CancellationToken ct) =>
        AppendAsync(changed.OrganisationId, new OrganisationKnown(changed.Name, changed.Region), session, ct);

    public static Task CoordinatorAppointed(CoordinatorAppointedV1 changed, Received received, IDocumentSession session, CancellationToken ct) =>
        AppendAsync(changed.OrganisationId, new CoordinatorKnown(changed.PersonId, changed.From, changed.Until), session, ct);

    public static Task CoordinatorRemoved(CoordinatorRemovedV1 changed, Received received, IDocumentSession session, CancellationToken ct) =>
        AppendAsync(changed.OrganisationId, new CoordinatorGone(changed.PersonId), session, ct);

    public static Task KeyRegistered(SigningKeyRegisteredV1 changed, Received received, IDocumentSession session, CancellationToken ct) =>
        AppendAsync(
            changed.OrganisationId, new KeyKnown(changed.Kid, changed.X, changed.Y, changed.ValidFrom, changed.ValidUntil, changed.Certificate), session, ct);

    public static Task KeyRevoked(SigningKeyRevokedV1 changed, Received received, IDocumentSession session, CancellationToken ct) =>
        AppendAsync(changed.OrganisationId, new KeyRevoked(changed.Kid, changed.At), session, ct);

    public static Task Suspended(OrganisationSuspendedV1 changed, Received received, IDocumentSession session, CancellationToken ct) =>
        AppendAsync(changed.OrganisationId, new SuspensionKnown(changed.At), session, ct);

    public static Task Reinstated(OrganisationReinstatedV1 changed, Received received, IDocumentSession session, CancellationToken ct) =>
        AppendAsync(changed.OrganisationId, new SuspensionLifted(changed.At), session, ct);

    private static async Task AppendAsync(Guid organisation, object e, IDocumentSession session, CancellationToken ct) =>
        (await session.Events.FetchForWriting<Organisation>(organisation, ct)).AppendOne(e);
}
