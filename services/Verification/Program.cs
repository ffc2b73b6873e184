using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Inquiries;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.Sheets;

if (args is ["readers", .. var asked]) return await ReadersCommand.RunAsync("verification", asked);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddEventSourcing(
    new EventSource("verification", IntegrationEvents.ToContract, Told:
        [
            .. Told.Facts, "amends", "key", "kid", "x", "y", "certificate", "lines", "path", "levels",
            "matching", "points", "programmes", "format", "root", "sha256", "side", "verdict",
        ]),
    VerificationStore.Configure,
    VerificationReaders.Declare);
builder.AddMatching();
Submissions.AddTo(builder);
builder.AddInquiries();
builder.AddSheets();
builder.Services.AddHostedService<OpenCasesMetrics>().AddSingleton<IWhileLeading, EscalateCases>();

var app = builder.Build();
app.UseServiceDefaults();
app.UseEventSourcing();

Endpoints.Map(app);

return await app.RunAsync(args);
