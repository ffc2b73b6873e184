using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Inquiries;
using VolunteerBook.Verification.Manifests;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification;

/// <summary>All that Verification answers over HTTP.</summary>
internal static class Endpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        GetQueueEndpoint.Map(api);
        GetCaseEndpoint.Map(api);
        ConfirmCaseEndpoint.Map(api);
        RejectCaseEndpoint.Map(api);
        ReturnCaseEndpoint.Map(api);
        RevokeConfirmationEndpoint.Map(api);
        CaseInquiries.Map(api);
        GetConfirmationRulesEndpoint.Map(api);
        SetConfirmationRulesEndpoint.Map(api);
        GetManifestEndpoint.Map(api);
        ConfirmManifestEndpoint.Map(api);
        GetProposalsEndpoint.Map(api);
        DeclineProposalEndpoint.Map(api);
        GetUnclaimedRowsEndpoint.Map(api);
        ImportSheetEndpoint.Map(api);
        GetSheetsEndpoint.Map(api);
        SignSheetEndpoint.Map(api);
        DiscardSheetEndpoint.Map(api);
    }
}
