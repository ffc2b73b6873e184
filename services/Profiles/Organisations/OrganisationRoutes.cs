namespace VolunteerBook.Profiles.Organisations;

/// <summary>Every use case of an organisation.</summary>
internal static class OrganisationRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RegisterOrganisationEndpoint.Map(routes);
        ListOrganisationsEndpoint.Map(routes);
        ListOwnOrganisationsEndpoint.Map(routes);
        GetOrganisationEndpoint.Map(routes);
        ApproveOrganisationEndpoint.Map(routes);
        RefuseOrganisationEndpoint.Map(routes);
        GetCoordinatorsEndpoint.Map(routes);
        AppointCoordinatorEndpoint.Map(routes);
        RemoveCoordinatorEndpoint.Map(routes);
        GetSigningKeysEndpoint.Map(routes);
        GetPublishedKeysEndpoint.Map(routes);
        GetKeyStatementEndpoint.Map(routes);
        RegisterSigningKeyEndpoint.Map(routes);
        RevokeSigningKeyEndpoint.Map(routes);
        GetOrganisationHistoryEndpoint.Map(routes);
    }
}
