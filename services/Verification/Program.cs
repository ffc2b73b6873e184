using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Profiles;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Inquiries;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.Organisations;
using VolunteerBook.Verification.Sheets;

if (args is ["readers", .. var asked]) return await ReadersCommand.RunAsync("verification", asked);

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddEventSourcing(
    new EventSource("verification", IntegrationEvents.ToContract, Told:
        [.. Told.Facts, "amends", "key", "kid", "x", "y", "certificate", "lines", "path", "levels", "matching", "points", "programmes", "format", "root", "sha256", "side", "verdict"]),
    VerificationStore.Configure,
    inbox => inbox
        .Reader("cases", version: 1, reader => reader
            .On<EntrySubmittedV1>("ledger", WhenEntrySubmitted.Handle, told => told.EntryId)
            .On<EntryWithdrawnV1>("ledger", WhenEntryWithdrawn.Handle, told => told.EntryId)
            .On<EntryAmendedV1>("ledger", WhenEntryAmended.Handle, told => told.EntryId)
            .On<AmendmentWithdrawnV1>("ledger", WhenEntryWithdrawn.Handle, told => told.EntryId))
        .Reader("organisations", version: 1, reader => reader
            .On<OrganisationApprovedV1>("profiles", WhenOrganisationChanges.Approved, told => told.OrganisationId)
            .On<CoordinatorAppointedV1>("profiles", WhenOrganisationChanges.CoordinatorAppointed, told => told.OrganisationId)
            .On<CoordinatorRemovedV1>("profiles", WhenOrganisationChanges.CoordinatorRemoved, told => told.OrganisationId)
            .On<SigningKeyRegisteredV1>("profiles", WhenOrganisationChanges.KeyRegistered, told => told.OrganisationId)
            .On<SigningKeyRevokedV1>("profiles", WhenOrganisationChanges.KeyRevoked, told => told.OrganisationId)));
builder.AddMatching();
Submissions.AddTo(builder);
builder.AddInquiries();
builder.AddSheets();
builder.Services.AddHostedService<OpenCasesMetrics>().AddSingleton<IWhileLeading, EscalateCases>();

var app = builder.Build();
app.UseServiceDefaults();
app.UseEventSourcing();

Endpoints.Map(app.MapGroup("/api/v1"));

app.Run();
return 0;
