using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>POST /api/v1/organisations/{id}/coordinators: a person may act for the organisation for a period. Appointing again replaces the period.</summary>
/// <param name="PersonId">The subject of the person's tokens.</param>
/// <param name="From">First instant of the period; now, when left out. At most a day ago, so that a form may say today.</param>
/// <param name="Until">First instant after the period; no end, when left out.</param>
public sealed record AppointCoordinator(Guid PersonId, DateTimeOffset? From = null, DateTimeOffset? Until = null);

public static class AppointCoordinatorEndpoint
{
    private const int MostCoordinators = 200;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/organisations/{id:guid}/coordinators", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Appoint a coordinator")
            .WithExample(new AppointCoordinator(
                new Guid("0198c0de-0000-7000-8000-000000000001"), Until: new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    private static async Task<Results<Created<Coordinator>, NotFound, ProblemHttpResult>> Handle(
        Guid id, AppointCoordinator command, ExpectedVersion expected, Caller caller, HttpContext http,
        IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var stream = await session.Events.FetchForWriting<Organisation>(id, ct);
        if (stream.Aggregate is not { } organisation || !organisation.MayBeRunBy(caller, now))
        {
            return TypedResults.NotFound();
        }

        expected.Check(stream.CurrentVersion);
        var decision = Decide(organisation, command, now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        ETag.Set(http, expected.Value + decision.Events.Count);
        return TypedResults.Created(
            $"/api/v1/organisations/{id}/coordinators",
            decision.Events is [CoordinatorAppointed appointed]
                ? new Coordinator(appointed.PersonId, appointed.From, appointed.Until)
                : organisation.Coordinators.First(coordinator => coordinator.PersonId == command.PersonId));
    }

    /// <summary>Pure.</summary>
    public static Decision Decide(Organisation organisation, AppointCoordinator command, DateTimeOffset now)
    {
        var known = organisation.Coordinators.FirstOrDefault(coordinator => coordinator.PersonId == command.PersonId);
        // Who is in force already and is appointed without a beginning keeps the one they have.
        var from = command.From?.ToUniversalTime() ?? (known is not null && known.IsInForce(now) ? known.From : now);
        var until = command.Until?.ToUniversalTime();
        if (Refusal.All(
            [
                command.PersonId == Guid.Empty ? Refusal.Invalid("person-missing", "personId", "personId must be the subject of the person's tokens.") : null,
                command.From is not null && from != known?.From && from < now.AddDays(-1)
                    ? Refusal.Invalid("period-backdated", "from", "from must be no more than a day ago.")
                    : null,
                until <= from ? Refusal.Invalid("period-empty", "until", "until must be after the beginning of the period.") : null,
                until <= now ? Refusal.Invalid("period-over", "until", "until must be in the future; to end a membership now, remove the coordinator.") : null,
            ]) is { } refusal)
        {
            return refusal;
        }

        if (organisation.Status != OrganisationStatus.Approved)
        {
            return Refusal.Conflict("organisation-not-approved", "Only an approved organisation can have coordinators.");
        }

        var coordinator = new Coordinator(command.PersonId, from, until);
        if (coordinator == known)
        {
            return Decision.Nothing;
        }

        if (known is null && organisation.Coordinators.Count >= MostCoordinators)
        {
            return Refusal.Conflict("too-many-coordinators", $"An organisation can have at most {MostCoordinators} coordinators; remove one first.");
        }

        var others = organisation.Coordinators.Where(other => other.PersonId != command.PersonId);
        return known is not null && known.IsInForce(now) && !coordinator.IsInForce(now) && !others.Any(other => other.IsInForce(now))
            ? RemoveCoordinatorEndpoint.LastCoordinator
            : Decision.Append(new CoordinatorAppointed(organisation.Id, coordinator.PersonId, coordinator.From, coordinator.Until, now));
    }
}
