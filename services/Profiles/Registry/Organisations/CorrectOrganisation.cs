using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>
/// POST /api/v1/organisations/{id}/corrections: the administrator corrects what an approved organisation is called or where it is. Its ОГРН is who it is, and
/// is never corrected. Documents that were issued before keep the name that they were issued with.
/// </summary>
/// <param name="Name">Its name, 2 to 300 characters.</param>
/// <param name="Region">ISO 3166-2 code.</param>
/// <param name="Reason">Why, for its coordinators: 1 to 1000 characters.</param>
public sealed record CorrectOrganisation(string Name, string Region, string Reason);

public static class CorrectOrganisationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/corrections", Handle)
            .RequireAuthorization(Policies.Administrator)
            .RequireVersion()
            .WithSummary("Correct the name or the region of an organisation")
            .WithExample(new CorrectOrganisation("Фонд «Рука помощи»", "RU-MOW", "Название исправлено по выписке из ЕГРЮЛ."));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, CorrectOrganisation command, ExpectedVersion expected, HttpContext http, IDocumentSession session, TimeProvider clock,
        CancellationToken ct) =>
        OrganisationChange.ChangeAsync(id, expected, http, session,
            _ => true,
            organisation => Decide(organisation, command, clock.GetUtcNow()), ct);

    /// <summary>Pure.</summary>
    public static Decision Decide(Organisation organisation, CorrectOrganisation command, DateTimeOffset now)
    {
        var name = Text.Clean(command.Name) ?? "";
        if (Refusal.All(
            [
                RegisterOrganisationEndpoint.CheckName(name), VocabularyRules.Region("region", command.Region), Rules.Text("reason", command.Reason, 1000),
            ]) is { } refusal)
        {
            return refusal;
        }

        return organisation.Status != OrganisationStatus.Approved
            ? Refusal.Conflict("organisation-not-approved", "Only an approved organisation can be corrected.")
            : (name, command.Region) == (organisation.Name, organisation.Region) ? Decision.Nothing
            : Decision.Append(new OrganisationCorrected(
                organisation.Id, name, command.Region, organisation.Name, organisation.Region, command.Reason.Trim(), now));
    }
}
