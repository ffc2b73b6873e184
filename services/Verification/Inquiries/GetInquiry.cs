using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Verification.Cases;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Inquiries;

/// <summary>What somebody who was there is asked to confirm.</summary>
/// <param name="Name">Who is asked.</param>
/// <param name="Organisation">Who asks.</param>
/// <param name="Volunteer">Who worked, as the organisation knows the name; null where it does not.</param>
/// <param name="Project">The project or event.</param>
/// <param name="TaskType">Code of the kind of work.</param>
/// <param name="Region">Code of the region.</param>
/// <param name="Place">The place.</param>
/// <param name="Level">The responsibility.</param>
/// <param name="Shifts">When: local starts, time zones, minutes.</param>
/// <param name="Minutes">Sum of the shifts.</param>
/// <param name="Volume">What was done.</param>
/// <param name="Until">When the link ends, UTC.</param>
/// <param name="Description">The volunteer's own words; null where nothing was said. Documents are between the volunteer and the organisation.</param>
public sealed record InquiryQuestion(
    string Name, string Organisation, string? Volunteer, string Project, string TaskType, string Region, string? Place, ResponsibilityLevel Level,
    IReadOnlyList<Shift> Shifts, int Minutes, Volume? Volume,
    DateTimeOffset Until, string? Description);

/// <summary>
/// <c>GET /api/v1/inquiries/{token}</c>: the question, for who has the link, without an account. Answered or ended it is 410, decided
/// meanwhile 409; a link that never was is 404.
/// </summary>
public static class GetInquiryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/inquiries/{token}", Handle)
        .AllowAnonymous()
        .WithSummary("What a link asks its reader to confirm");

    private static async Task<Results<Ok<InquiryQuestion>, NotFound, ProblemHttpResult>> Handle(
        string token, HttpContext http, IQuerySession session, NpgsqlDataSource database, Submissions submissions, TimeProvider clock, CancellationToken ct)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (await session.FindInquiryAsync(database, token, ct) is not var (inquiry, found, name, volunteer)
            || await session.LoadAsync<Organisation>(inquiry.OrganisationId, ct) is not { } organisation)
        {
            return TypedResults.NotFound();
        }

        if (inquiry.Closed(found, clock.GetUtcNow()) is { } closed)
        {
            return closed.ToProblem();
        }

        var said = (await submissions.OfAsync([found], ct)).GetValueOrDefault(found.Id);
        return TypedResults.Ok(new InquiryQuestion(
            name, organisation.Name, volunteer, found.Project, found.TaskType, found.Region,
            found.Place, found.Level, found.Shifts, found.Minutes, found.Volume, inquiry.Until,
            said?.Asked.Description));
    }
}
