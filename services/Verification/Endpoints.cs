using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.OrganisationRules;

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
        GetConfirmationRulesEndpoint.Map(api);
        SetConfirmationRulesEndpoint.Map(api);
    }
}
