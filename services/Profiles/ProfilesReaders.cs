using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles;

/// <summary>What Profiles takes from others: by what organisations and their deputies come to know whom.</summary>
public static class ProfilesReaders
{
    public static void Declare(InboxBuilder inbox) => inbox
        .Reader("entries", version: 1, reader => reader.On<EntrySubmittedV1>("ledger", WhenEntrySubmitted.Handle, told => told.EntryId))
        .Reader(
            "applications", version: 1, reader => reader.On<ApplicationSubmittedV1>("vacancies", WhenApplicationSubmitted.Handle, told => told.ApplicationId))
        .Reader("delegations", version: 1, reader => reader
            .On<QueueDelegatedV1>("verification", WhenQueueIsDelegated.Delegated, told => told.DelegationId)
            .On<DelegationWithdrawnV1>("verification", WhenQueueIsDelegated.Withdrawn, told => told.DelegationId));
}
