using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary>
/// <c>POST /api/v1/vacancies/{id}/closure</c>: takes no more applications. Those that wait are still to be decided, and accepted ones keep their places.
/// </summary>
/// <param name="Reason">Why, at most 1000 characters; shown with the vacancy.</param>
public sealed record CloseVacancy(string? Reason = null);

public static class CloseVacancyEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/vacancies/{id:guid}/closure", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Close a vacancy to further applications")
            .WithExample(new CloseVacancy("Все места заняты, спасибо!"));

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, CloseVacancy command, ExpectedVersion expected, Caller caller,
        HttpContext http, OneTransaction transaction, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // Under the lock: an application that is being taken is taken before the closure or not at all.
        await using var session = await transaction.AloneWithAsync(id, ct);
        var stream = await session.Events.FetchForWriting<Vacancy>(id, ct);
        if (stream.Aggregate is not { } vacancy || !await session.IsCoordinatorAsync(vacancy.OrganisationId, caller, now, ct))
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = Decide(vacancy, command, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.NoContent();
    }

    public static Decision Decide(Vacancy vacancy, CloseVacancy command, DateTimeOffset now) =>
        (vacancy.Status, Rules.OptionalText("reason", command.Reason, 1000)) switch
        {
            (_, { } broken) => broken,
            (VacancyStatus.Closed, _) => Decision.Nothing,
            _ => Decision.Append(new VacancyClosed(vacancy.OrganisationId, Written.Kept(command.Reason), now)),
        };
}
