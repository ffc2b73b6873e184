using VolunteerBook.EventSourcing;
using VolunteerBook.Mail;
using VolunteerBook.Profiles;
using VolunteerBook.Profiles.Invitations;
using VolunteerBook.Profiles.Organisations;
using VolunteerBook.Profiles.People;
using VolunteerBook.Profiles.PeopleLists;
using VolunteerBook.Profiles.PersonalData;
using VolunteerBook.Profiles.Volunteers;
using VolunteerBook.ServiceDefaults;

if (args is ["readers", .. var asked]) return await ReadersCommand.RunAsync("profiles", asked);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddPersonalData();
builder.AddMail().Services.AddSingleton<KeyStatements>();
// Names are organisations': a person's stand nowhere but in what is encrypted.
builder.AddEventSourcing(
    new EventSource("profiles", IntegrationEvents.ToContract, "name", "ogrn", "region", "changed", "kid", "x", "y", "certificate"),
    ProfilesStore.Configure,
    ProfilesReaders.Declare);
builder.AddPeopleLists();

var app = builder.Build();
app.UseServiceDefaults();
app.UseEventSourcing();

var api = app.MapGroup("/api/v1");
VolunteerRoutes.Map(api);
OrganisationRoutes.Map(api);
Invitations.Map(api);
GiveNameEndpoint.Map(api);
PeopleLists.Map(api);

return await app.RunAsync(args);
