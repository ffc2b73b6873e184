using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

/// <summary>
/// A change of an application, decided on the application and its vacancy together: foreign and absent look the same.
/// </summary>
internal static class ApplicationChange
{
    public delegate Decision Decide(Application application, Vacancy vacancy, DateTimeOffset now);

    /// <summary>By the volunteer who applied.</summary>
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ByVolunteerAsync(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session,
        OneTransaction transaction, TimeProvider clock, Decide decide, CancellationToken ct) =>
        await session.LoadAsync<Application>(id, ct) is { } seen && seen.VolunteerId == caller.Id
            ? await ChangeAsync(seen, expected, http, transaction, clock, decide, ct)
            : TypedResults.NotFound();

    /// <summary>By a coordinator of the vacancy's organisation.</summary>
    /// <param name="evenSuspended">Whether a suspended organisation may do it too.</param>
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ByCoordinatorAsync(
        Guid id, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session,
        OneTransaction transaction, TimeProvider clock, Decide decide, CancellationToken ct, bool evenSuspended = false)
    {
        if (await session.LoadAsync<Application>(id, ct) is not { } seen
            || await session.LoadAsync<Coordination>(seen.OrganisationId, ct) is not { } organisation
            || !organisation.IsCoordinator(caller.Id, clock.GetUtcNow()))
        {
            return TypedResults.NotFound();
        }

        return organisation.IsSuspended && !evenSuspended
            ? VacancyRefusals.OrganisationSuspended.ToProblem()
            : await ChangeAsync(seen, expected, http, transaction, clock, decide, ct);
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> ChangeAsync(
        Application seen, ExpectedVersion expected, HttpContext http, OneTransaction transaction, TimeProvider clock, Decide decide, CancellationToken ct)
    {
        // One request at a time: versions alone would keep places right too, but would tell a coordinator that an application is
        // stale when only its neighbour had changed.
        await using var session = await transaction.AloneWithAsync(seen.VacancyId, ct);
        var vacancy = await session.Events.FetchForWriting<Vacancy>(seen.VacancyId, ct);
        // Read again under the lock: what was seen before may have changed while waiting for it.
        var application = await session.Events.FetchForWriting<Application>(seen.Id, ct);
        expected.Check(application.CurrentVersion);
        var decision = decide(application.Aggregate!, vacancy.Aggregate!, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        var places = decision.Events.Where(e => e is PlacesTaken or PlacesFreed).ToList();
        vacancy.AppendMany(places);
        application.AppendMany(decision.Events.Except(places));
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count - places.Count);
        return TypedResults.NoContent();
    }
}
