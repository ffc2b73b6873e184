using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;
using VolunteerBook.Reporting;
using VolunteerBook.Reporting.Hours;
using VolunteerBook.Reporting.Organisations;
using VolunteerBook.Reporting.Statistics;
using VolunteerBook.Reporting.Volunteers;
using VolunteerBook.ServiceDefaults;

if (args is ["readers", .. var asked]) return await ReadersCommand.RunAsync("reporting", asked);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddEventSourcing(
    // Reporting listens and tells nobody.
    new EventSource("reporting", ToContract: null, Told: [.. Told.Facts, "grade", "name"]),
    ReportingStore.Configure,
    inbox => inbox
        .Reader("hours", version: 1, reader => reader
            .On<EntrySubmittedV1>("ledger", WhenEntryChanged.Submitted, told => told.EntryId)
            .On<EntryWithdrawnV1>("ledger", WhenEntryChanged.Withdrawn, told => told.EntryId)
            .On<EntryConfirmedV1>("ledger", WhenEntryChanged.Confirmed, told => told.EntryId)
            .On<EntryDeclinedV1>("ledger", WhenEntryChanged.Declined, told => told.EntryId)
            .On<EntryRevokedV1>("ledger", WhenEntryChanged.Revoked, told => told.EntryId))
        .Reader("organisations", version: 1, reader => reader.On<OrganisationApprovedV1>("profiles", WhenOrganisationApproved.Handle, told => told.OrganisationId))
        .Reader("volunteers", version: 1, reader => reader.On<VolunteerRegisteredV1>("profiles", WhenVolunteerRegistered.Handle, told => told.VolunteerId)));

var app = builder.Build();
app.UseServiceDefaults();
app.UseEventSourcing();

var api = app.MapGroup("/api/v1");
GetStatisticsEndpoint.Map(api);
GetMyStatisticsEndpoint.Map(api);

app.Run();
return 0;
