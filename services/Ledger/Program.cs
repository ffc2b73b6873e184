using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Contracts.Verification;
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
    inbox => inbox
        .Reader("decisions", version: 1, reader => reader
            .On<CaseConfirmedV1>("verification", WhenCaseDecided.Confirmed, told => told.EntryId)
            .On<CaseMatchedV1>("verification", WhenCaseDecided.Matched, told => told.EntryId)
            .On<CaseSettledV1>("verification", WhenCaseDecided.Settled, told => told.EntryId)
            .On<CaseRejectedV1>("verification", WhenCaseDecided.Rejected, told => told.EntryId)
            .On<CaseReturnedV1>("verification", WhenCaseDecided.Returned, told => told.EntryId)
            .On<ConfirmationRevokedV1>("verification", WhenCaseDecided.Revoked, told => told.EntryId))
        .Reader("attendance", version: 1, reader => reader
            .On<AttendanceRecordedV1>("vacancies", WhenAttendanceRecorded.Handle, told => told.AttendanceId)));
builder.AddTransparencyLog();
builder.AddExtracts();
builder.AddAgencyExchange();

var app = builder.Build();
app.UseServiceDefaults();
app.UseRequiredNames();
app.UseEventSourcing();

Endpoints.Map(app);

app.Run();
return 0;
