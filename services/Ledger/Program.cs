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

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRequiredNames();
builder.AddEventSourcing(
    new EventSource("ledger", IntegrationEvents.ToContract, LedgerStore.Told),
    LedgerStore.Configure,
    inbox => inbox
        .Reader("decisions", version: 1, reader => reader
            .On<CaseConfirmedV1>("verification", WhenCaseDecided.Confirmed)
            .On<CaseMatchedV1>("verification", WhenCaseDecided.Matched)
            .On<CaseSettledV1>("verification", WhenCaseDecided.Settled)
            .On<CaseRejectedV1>("verification", WhenCaseDecided.Rejected)
            .On<CaseReturnedV1>("verification", WhenCaseDecided.Returned)
            .On<ConfirmationRevokedV1>("verification", WhenCaseDecided.Revoked))
        .Reader("attendance", version: 1, reader => reader
            .On<AttendanceRecordedV1>("vacancies", WhenAttendanceRecorded.Handle)));
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
