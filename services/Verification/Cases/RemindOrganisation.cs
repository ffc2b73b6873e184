using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Verification.Cases;

/// <summary>
/// <c>POST /api/v1/cases/{id}/reminder</c>: the administrator reminds the organisation of an escalated case (N9). Its
/// coordinators see it in the queue and on the case.
/// </summary>
/// <param name="Text">What to tell it; at most 2000 characters.</param>
public sealed record RemindOrganisation(string? Text = null);

public static class RemindOrganisationEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/cases/{id:guid}/reminder", Handle)
            .RequireAuthorization(Policies.Administrator)
            .RequireVersion()
            .WithSummary("Remind the organisation of an escalated case")
            .WithExample(new RemindOrganisation("Волонтёр ждёт ответа больше двух недель."));

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, RemindOrganisation command, ExpectedVersion expected, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var stream = await session.Events.FetchForWriting<Case>(id, ct);
        if (stream.Aggregate is not { } found)
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = Decide(found, command, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    public static Decision Decide(Case found, RemindOrganisation command, DateTimeOffset now) =>
        Rules.OptionalText("text", command.Text, 2000) is { } broken ? broken
        : found is not { Status: CaseStatus.Open, EscalatedAt: not null }
            ? Refusal.Conflict("case-not-escalated", "A reminder can be sent only about an open case that is late.")
        : Decision.Append(new OrganisationReminded(Written.Kept(command.Text), now));
}
