using VolunteerBook.Ledger.Checks;
using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange;
using VolunteerBook.Ledger.Exchange.Webhooks;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.Ledger.Extracts.Deliveries;
using VolunteerBook.Ledger.Issuer;
using VolunteerBook.Ledger.Transparency;

namespace VolunteerBook.Ledger;

/// <summary>All that the ledger answers over HTTP.</summary>
internal static class Endpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        LogEntryEndpoint.Map(api);
        CorrectEntryEndpoint.Map(api);
        AmendEntryEndpoint.Map(api);
        SubmitEntryEndpoint.Map(api);
        WithdrawEntryEndpoint.Map(api);
        GetEntryEndpoint.Map(api);
        GetEntryHistoryEndpoint.Map(api);
        GetEntryProofsEndpoint.Map(api);
        GetBookEndpoint.Map(api);
        GetBookAsOfEndpoint.Map(api);
        GetBookChangesEndpoint.Map(api);
        GetBookReplayEndpoint.Map(api);
        GetVocabularyEndpoint.Map(api);

        OrderExtractEndpoint.Map(api);
        GetExtractsEndpoint.Map(api);
        DeliverExtractEndpoint.Map(api);
        GetDeliveriesEndpoint.Map(api);
        WithdrawDeliveryEndpoint.Map(api);
        GetSharedExtractEndpoint.Map(api);
        GetResumeEndpoint.Map(api);
        GetCertificateEndpoint.Map(api);
        GetStatusListEndpoint.Map(api);
        CheckDocumentEndpoint.Map(api);
        GetIssuerRootEndpoint.Map(api);

        GetCheckpointEndpoint.Map(api);
        GetTileEndpoint.Map(api);
        GetLogKeyEndpoint.Map(api);
        GetLogKeysEndpoint.Map(api);
        GetConsistencyEndpoint.Map(api);
        GetInclusionEndpoint.Map(api);

        GetAgenciesEndpoint.Map(api);
        SetAgencyEndpoint.Map(api);
        GiveGrantEndpoint.Map(api);
        GetGrantsEndpoint.Map(api);
        WithdrawGrantEndpoint.Map(api);
        GetGrantAccessesEndpoint.Map(api);
        ReadRecordEndpoint.Map(api);
        GetFormEndpoint.Map(api);
        SetWebhookEndpoint.Map(api);
        GetMessagesEndpoint.Map(api);
        ReplayMessagesEndpoint.Map(api);

        // Not of the API: where the standards look for keys, and what the services ask each other.
        GetIssuerKeysEndpoint.Map(app);
        GetSubmissionsEndpoint.Map(app);
    }
}
