using VolunteerBook.EventSourcing;
using VolunteerBook.Reporting;
using VolunteerBook.Reporting.Statistics;
using VolunteerBook.ServiceDefaults;

if (args is ["readers", .. var asked]) return await ReadersCommand.RunAsync("reporting", asked);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddEventSourcing(
    // Reporting listens, tells nobody and decides nothing, so it stores no events. What older stores have of the time when it did, analysts may still read.
    new EventSource("reporting", ToContract: null, Told: [.. Told.Facts, "grade", "name"]),
    configure: _ => { },
    ReportingReaders.Declare);

builder.Services.AddSingleton<RecentStatistics>();

var app = builder.Build();
app.UseServiceDefaults();
app.UseEventSourcing();

Endpoints.Map(app);

return await app.RunAsync(args);
