using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Entries;

/// <summary>The words that entries are written in.</summary>
/// <param name="Sections">ICNP/TSO sections, for grouping.</param>
/// <param name="TaskTypes">ICNP/TSO groups and sub-groups: what work is recorded under.</param>
/// <param name="Regions">Regions by ISO 3166-2 code, with federal district and time zone.</param>
/// <param name="Units">Units of volume, with the sections that they measure.</param>
/// <param name="Levels">Responsibility levels, from the least on.</param>
/// <param name="Grades">Evidence grades, from the weakest on.</param>
public sealed record Vocabulary(
    IReadOnlyList<TaskType> Sections, IReadOnlyList<TaskType> TaskTypes, IReadOnlyList<Region> Regions, IReadOnlyList<VolumeUnit> Units,
    IReadOnlyList<ResponsibilityLevel> Levels, IReadOnlyList<EvidenceGrade> Grades);

/// <summary><c>GET /api/v1/vocabulary</c>: the published taxonomy, for everyone.</summary>
public static class GetVocabularyEndpoint
{
    private static readonly Vocabulary All = new(
        TaskTypes.Sections, TaskTypes.All, Regions.All, VolumeUnits.All, Enum.GetValues<ResponsibilityLevel>(), Enum.GetValues<EvidenceGrade>());

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/vocabulary", Handle).AllowAnonymous().WithSummary("Task types, regions, units and grades, with their Russian and English names");

    private static Ok<Vocabulary> Handle(HttpContext http)
    {
        http.Response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Ok(All);
    }
}
