using Marten;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.EventSourcing;

namespace VolunteerBook.Profiles.People.Volunteers;

public static class WhenApplicationSubmitted
{
    public static Task Handle(ApplicationSubmittedV1 submitted, Received received, IDocumentSession session, CancellationToken cancellationToken)
    {
        session.Store(Acquaintance.Of(submitted.OrganisationId, submitted.VolunteerId));
        return Task.CompletedTask;
    }
}
