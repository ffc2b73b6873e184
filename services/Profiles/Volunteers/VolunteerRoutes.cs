namespace VolunteerBook.Profiles.Volunteers;

/// <summary>Every use case of a volunteer.</summary>
internal static class VolunteerRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        RegisterVolunteerEndpoint.Map(routes);
        GetOwnProfileEndpoint.Map(routes);
        ChangeProfileEndpoint.Map(routes);
        GetOwnHistoryEndpoint.Map(routes);
        GetNamesEndpoint.Map(routes);
    }
}
