using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Delegations;
using VolunteerBook.Verification.Disputes;
using VolunteerBook.Verification.Inquiries;
using VolunteerBook.Verification.Manifests;
using VolunteerBook.Verification.Matching;
using VolunteerBook.Verification.OrganisationRules;
using VolunteerBook.Verification.Reviews;
using VolunteerBook.Verification.ServiceLevels;
using VolunteerBook.Verification.Sheets;

namespace VolunteerBook.Verification;

/// <summary>All that Verification answers over HTTP.</summary>
internal static class Endpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        GetQueueEndpoint.Map(api);
        GetCaseEndpoint.Map(api);
        GetSubmissionsEndpoint.Map(api);
        ConfirmCaseEndpoint.Map(api);
        PartialStatementEndpoint.Map(api);
        RejectCaseEndpoint.Map(api);
        ReturnCaseEndpoint.Map(api);
        RevokeConfirmationEndpoint.Map(api);
        GetEscalatedEndpoint.Map(api);
        RemindOrganisationEndpoint.Map(api);
        DelegateQueueEndpoint.Map(api);
        GetDelegationsEndpoint.Map(api);
        WithdrawDelegationEndpoint.Map(api);
        MakeInquiryEndpoint.Map(api);
        GetInquiriesEndpoint.Map(api);
        GetInquiryEndpoint.Map(api);
        AnswerInquiryEndpoint.Map(api);
        GetConfirmationRulesEndpoint.Map(api);
        SetConfirmationRulesEndpoint.Map(api);
        AcceptPartEndpoint.Map(api);
        DisputeCaseEndpoint.Map(api);
        AnswerDisputeEndpoint.Map(api);
        SettleDisputeEndpoint.Map(api);
        GetDisputesEndpoint.Map(api);
        GetManifestEndpoint.Map(api);
        ConfirmManifestEndpoint.Map(api);
        GetProposalsEndpoint.Map(api);
        DeclineProposalEndpoint.Map(api);
        GetUnclaimedRowsEndpoint.Map(api);
        GiveReviewEndpoint.Map(api);
        GetReviewsEndpoint.Map(api);
        ChangeReviewEndpoint.Map(api);
        WithdrawReviewEndpoint.Map(api);
        AnswerReviewEndpoint.Map(api);
        ReportReviewEndpoint.Map(api);
        SettleReviewEndpoint.Map(api);
        GetServiceLevelsEndpoint.Map(api);
        ImportSheetEndpoint.Map(api);
        GetSheetsEndpoint.Map(api);
        ResolvePeopleEndpoint.Map(api);
        SignSheetEndpoint.Map(api);
        DiscardSheetEndpoint.Map(api);
    }
}
