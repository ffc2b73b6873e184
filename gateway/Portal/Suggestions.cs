using VolunteerBook.Portal.Api;
using VolunteerBook.Portal.Parts;

namespace VolunteerBook.Portal;

/// <summary>What <c>combobox.js</c> asks for while somebody types.</summary>
public static class Suggestions
{
    /// <summary>The address that suggests organisations.</summary>
    public const string Organisations = "/suggestions/organisations";

    // More than one looks through; who types on sees fewer.
    const int AFew = 20;

    /// <summary>Approved organisations by a part of the name or of the ОГРН, as choices.</summary>
    public static void MapSuggestions(this IEndpointRouteBuilder routes) =>
        routes.MapGet(Organisations, async (string? q, Profiles profiles) =>
            TypedResults.Ok((await profiles.Approved(q, limit: AFew)).Items.Select(Describe))).AllowAnonymous();

    /// <summary>An organisation as a choice; those of one name are told apart by the region.</summary>
    public static Pick Describe(Organisation organisation) => new(organisation.Id.ToString(), $"{organisation.Name} ({Say.Region(organisation.Region)})");
}
