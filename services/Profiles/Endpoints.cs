using VolunteerBook.Profiles.People.Names;
using VolunteerBook.Profiles.People.Notifications;
using VolunteerBook.Profiles.People.PeopleLists;
using VolunteerBook.Profiles.People.Volunteers;
using VolunteerBook.Profiles.Registry.Invitations;
using VolunteerBook.Profiles.Registry.Organisations;

namespace VolunteerBook.Profiles;

/// <summary>All that Profiles answers over HTTP.</summary>
internal static class Endpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        RegisterVolunteerEndpoint.Map(api);
        GetOwnProfileEndpoint.Map(api);
        ChangeProfileEndpoint.Map(api);
        GiveConsentEndpoint.Map(api);
        GetOwnHistoryEndpoint.Map(api);
        GetNamesEndpoint.Map(api);
        FindPeopleEndpoint.Map(api);
        GiveNameEndpoint.Map(api);
        KeepPeopleListEndpoint.Map(api);
        GetPeopleListEndpoint.Map(api);
        GetNotificationsEndpoint.Map(api);
        GetUnreadEndpoint.Map(api);
        StreamNotificationsEndpoint.Map(api);
        ReadNotificationEndpoint.Map(api);
        ReadNotificationsEndpoint.Map(api);
        GetNotificationSettingsEndpoint.Map(api);
        SetNotificationSettingsEndpoint.Map(api);
        UnsubscribeEndpoint.Map(api);

        RegisterOrganisationEndpoint.Map(api);
        ListOrganisationsEndpoint.Map(api);
        ListOwnOrganisationsEndpoint.Map(api);
        GetOrganisationEndpoint.Map(api);
        ListDecisionsEndpoint.Map(api);
        GetAdmissionEndpoint.Map(api);
        ApproveOrganisationEndpoint.Map(api);
        RefuseOrganisationEndpoint.Map(api);
        SuspendOrganisationEndpoint.Map(api);
        ReinstateOrganisationEndpoint.Map(api);
        CorrectOrganisationEndpoint.Map(api);
        GetCoordinatorsEndpoint.Map(api);
        AppointCoordinatorEndpoint.Map(api);
        RemoveCoordinatorEndpoint.Map(api);
        GetSigningKeysEndpoint.Map(api);
        GetPublishedKeysEndpoint.Map(api);
        GetKeyStatementEndpoint.Map(api);
        RegisterSigningKeyEndpoint.Map(api);
        RevokeSigningKeyEndpoint.Map(api);
        GetOrganisationHistoryEndpoint.Map(api);
        InviteColleagueEndpoint.Map(api);
        GetInvitationsEndpoint.Map(api);
        WithdrawInvitationEndpoint.Map(api);
        AcceptInvitationEndpoint.Map(api);
    }
}
