using VolunteerBook.EventSourcing;
using VolunteerBook.Ledger;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.Ledger.Transparency;
using VolunteerBook.ServiceDefaults;

if (args is ["audit", .. var asked]) return await AuditCommand.RunAsync(asked);
if (args is ["readers", .. var about]) return await ReadersCommand.RunAsync("ledger", about);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRequiredNames();
builder.AddEventSourcing(
    new EventSource("ledger", IntegrationEvents.ToContract, LedgerStore.Told),
    LedgerStore.Configure,
    LedgerReaders.Declare);
builder.Services.AddSingleton<PastBooks>();
builder.AddTransparencyLog();
builder.AddExtracts();
builder.AddAgencyExchange();

var app = builder.Build();
app.UseServiceDefaults();
app.UseRequiredNames();
app.UseEventSourcing();
app.UseExtracts();

Endpoints.Map(app);

return await app.RunAsync(args);
