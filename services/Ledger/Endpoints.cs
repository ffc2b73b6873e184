using VolunteerBook.Ledger.Entries;
using VolunteerBook.Ledger.Exchange;
using VolunteerBook.Ledger.Extracts;
using VolunteerBook.Ledger.Transparency;

namespace VolunteerBook.Ledger;

/// <summary>All that the ledger answers over HTTP.</summary>
internal static class Endpoints
{
    public static void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        LogEntryEndpoint.Map(api);
        CorrectEntryEndpoint.Map(api);
        AmendEntryEndpoint.Map(api);
        SubmitEntryEndpoint.Map(api);
        WithdrawEntryEndpoint.Map(api);
        GetEntryEndpoint.Map(api);
        GetEntryHistoryEndpoint.Map(api);
        GetBookEndpoint.Map(api);
        GetBookAsOfEndpoint.Map(api);
        GetBookChangesEndpoint.Map(api);
        GetBookReplayEndpoint.Map(api);
        GetVocabularyEndpoint.Map(api);
        TransparencyLog.Map(api);
        AgencyExchange.Map(api);
        ExtractsSetup.Map(api, app);
    }
}
