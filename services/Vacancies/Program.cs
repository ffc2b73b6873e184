using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies;
using VolunteerBook.Vacancies.Applications;
using VolunteerBook.Vacancies.Vacancies;

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

var api = app.MapGroup("/api/v1");
PublishVacancyEndpoint.Map(api);
CloseVacancyEndpoint.Map(api);
GetVacancyEndpoint.Map(api);
ListVacanciesEndpoint.Map(api);
ApplyEndpoint.Map(api);
WithdrawApplicationEndpoint.Map(api);
AcceptApplicationEndpoint.Map(api);
DeclineApplicationEndpoint.Map(api);
RecordAttendanceEndpoint.Map(api);
GetApplicationEndpoint.Map(api);
GetApplicationHistoryEndpoint.Map(api);
ListOwnApplicationsEndpoint.Map(api);
ListVacancyApplicationsEndpoint.Map(api);

return await app.RunAsync(args);
