using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies;

if (args is ["readers", .. var asked]) return await ReadersCommand.RunAsync("vacancies", asked);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRequiredNames();
builder.AddEventSourcing(
    new EventSource("vacancies", IntegrationEvents.ToContract, Told: [.. Told.Facts, "shiftIds", "title", "name"]),
    VacanciesStore.Configure,
    VacanciesReaders.Declare);

var app = builder.Build();
app.UseServiceDefaults();
app.UseRequiredNames();
app.UseEventSourcing();

Endpoints.Map(app);

return await app.RunAsync(args);
