using VolunteerBook.EventSourcing;
using VolunteerBook.Profiles;
using VolunteerBook.Profiles.People;
using VolunteerBook.Profiles.Registry;
using VolunteerBook.ServiceDefaults;

if (args is ["readers", .. var asked]) return await ReadersCommand.RunAsync("profiles", asked);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
// Names are organisations': a person's stand nowhere but in what is encrypted.
builder.AddEventSourcing(
    new EventSource("profiles", IntegrationEvents.ToContract, "name", "ogrn", "region", "changed", "kid", "x", "y", "certificate"),
    ProfilesStore.Configure,
    ProfilesReaders.Declare);
builder.AddRegistry();
builder.AddPeople();

var app = builder.Build();
app.UseServiceDefaults();
app.UseEventSourcing();

Endpoints.Map(app);

return await app.RunAsync(args);
