using VolunteerBook.EventSourcing;

namespace VolunteerBook.Profiles.PeopleLists;

/// <summary>People whom documents name, kept for a time so that an organisation can say who they are.</summary>
internal static class PeopleLists
{
    public static void AddPeopleLists(this WebApplicationBuilder builder) => builder.Services.AddSingleton<IWhileLeading, EndPeopleLists>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        KeepPeopleListEndpoint.Map(routes);
        GetPeopleListEndpoint.Map(routes);
    }
}
