using Marten;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Profiles.Registry.Organisations;

public static class WhenQueueIsDelegated
{
    public static Task Delegated(QueueDelegatedV1 delegated, Received received, IDocumentSession session, CancellationToken cancellationToken)
    {
        session.Store(new Deputy(
            delegated.DelegationId, delegated.OrganisationId, delegated.By, delegated.PersonId, delegated.From, delegated.Until, delegated.At));
        return Task.CompletedTask;
    }

    public static Task Withdrawn(DelegationWithdrawnV1 withdrawn, Received received, IDocumentSession session, CancellationToken cancellationToken)
    {
        session.Delete<Deputy>(withdrawn.DelegationId);
        return Task.CompletedTask;
    }
}
