using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.Notifications;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles;

/// <summary>What Profiles takes from others: by what organisations and their deputies come to know whom, and what people are told.</summary>
public static class ProfilesReaders
{
    public static void Declare(InboxBuilder inbox) => inbox
        .Reader("entries", version: 1, reader => reader.On<EntrySubmittedV1>("ledger", WhenEntrySubmitted.Handle, told => told.EntryId))
        .Reader(
            "applications", version: 1, reader => reader.On<ApplicationSubmittedV1>("vacancies", WhenApplicationSubmitted.Handle, told => told.ApplicationId))
        .Reader("delegations", version: 1, reader => reader
            .On<QueueDelegatedV1>("verification", WhenQueueIsDelegated.Delegated, told => told.DelegationId)
            .On<DelegationWithdrawnV1>("verification", WhenQueueIsDelegated.Withdrawn, told => told.DelegationId))
        // From now on: nobody is told, or mailed, of what happened before this was there.
        .Reader("notifications", version: 1, Notifications, from: Start.Now)
        .Reader("suspension-notifications", version: 1, Suspensions, from: Start.Now);

    private static void Suspensions(ReaderBuilder reader)
    {
        var organisations = new TellOrganisations(new RegistryForPeople());
        reader
            .OnOwn<OrganisationSuspended>((_, received, session, ct) => organisations.Suspended(true, received, session, ct), (id, _) => id)
            .OnOwn<OrganisationReinstated>((_, received, session, ct) => organisations.Suspended(false, received, session, ct), (id, _) => id);
    }

    private static void Notifications(ReaderBuilder reader)
    {
        var organisations = new TellOrganisations(new RegistryForPeople());
        reader
            .On<EntryConfirmedV1>("ledger", WhenEntryIsDecided.Confirmed, told => told.EntryId)
            .On<EntryDeclinedV1>("ledger", WhenEntryIsDecided.Declined, told => told.EntryId)
            .On<AmendmentDeclinedV1>("ledger", WhenEntryIsDecided.AmendmentDeclined, told => told.EntryId)
            .On<EntryRevokedV1>("ledger", WhenEntryIsDecided.Revoked, told => told.EntryId)
            .On<ApplicationAcceptedV1>("vacancies", WhenApplicationIsDecided.Accepted, told => told.ApplicationId)
            .On<ApplicationDeclinedV1>("vacancies", WhenApplicationIsDecided.Declined, told => told.ApplicationId)
            .On<WorkProposedV1>("verification", WhenWorkIsProposed.Handle, told => told.SheetId)
            .On<InquiryAnsweredV1>("verification", organisations.InquiryAnswered, told => told.CaseId)
            .On<CaseEscalatedV1>("verification", organisations.CasesLate, told => told.CaseId)
            .OnOwn<OrganisationApproved>((_, received, session, ct) => organisations.Approved(received.Stream, received, session, ct), (id, _) => id);
    }
}
