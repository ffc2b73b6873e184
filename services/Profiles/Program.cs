using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Contracts.Verification;
using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles;
using VolunteerBook.Profiles.Organisations;
using VolunteerBook.Profiles.PeopleLists;
using VolunteerBook.Profiles.PersonalData;
using VolunteerBook.Profiles.Volunteers;
using VolunteerBook.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPersonalData();
// Withheld from the analysts' feed: what is encrypted, and what people type freely.
builder.AddEventSourcing(
    new EventSource("profiles", IntegrationEvents.ToContract, "personal", "label", "reason"),
    ProfilesStore.Configure,
    inbox => inbox
        .On<EntrySubmittedV1>("ledger", WhenEntrySubmitted.Handle)
        .On<ApplicationSubmittedV1>("vacancies", WhenApplicationSubmitted.Handle)
        .On<QueueDelegatedV1>("verification", WhenQueueIsDelegated.Delegated)
        .On<DelegationWithdrawnV1>("verification", WhenQueueIsDelegated.Withdrawn));
builder.Services.AddSingleton<IWhileLeading, EndPeopleLists>();

var app = builder.Build();
app.UseServiceDefaults();
app.UseEventSourcing();

var api = app.MapGroup("/api/v1");
VolunteerRoutes.Map(api);
OrganisationRoutes.Map(api);
KeepPeopleListEndpoint.Map(api);
GetPeopleListEndpoint.Map(api);

app.Run();
