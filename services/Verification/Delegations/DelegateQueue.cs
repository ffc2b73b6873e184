using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Organisations;

namespace VolunteerBook.Verification.Delegations;

/// <summary>
/// <c>POST /api/v1/delegations</c>: a coordinator lets another person work on the organisation's queue for a time (N9): read cases, confirm, reject, return,
/// and handle sheets. A deputy sets no rules, takes no confirmation back, writes no reviews and delegates no further.
/// </summary>
/// <param name="OrganisationId">An organisation that the caller coordinates.</param>
/// <param name="PersonId">The deputy: the subject of their tokens.</param>
/// <param name="Until">First instant after the period, at most 90 days after its beginning.</param>
/// <param name="From">First instant of the period; now, when left out. At most a day ago, so that a form may say today.</param>
/// <param name="Reason">Why, at most 1000 characters.</param>
public sealed record DelegateQueue(Guid OrganisationId, Guid PersonId, DateTimeOffset Until, DateTimeOffset? From = null, string? Reason = null);

public static class DelegateQueueEndpoint
{
    private const int MostDelegations = 100;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/delegations", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Let another person work on an organisation's queue for a time")
            .WithExample(new DelegateQueue(
                new Guid("901467a4-4f3f-5a7d-8814-84c694cb3376"), new Guid("0198c0de-0000-7000-8000-000000000001"),
                new DateTimeOffset(2027, 1, 15, 0, 0, 0, TimeSpan.Zero),
                new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero), "Отпуск"));

    private static async Task<Results<Created<DelegationView>, NotFound, ProblemHttpResult>> Handle(
        DelegateQueue command, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var stream = await session.Events.FetchForWriting<Organisation>(command.OrganisationId, ct);
        if (stream.Aggregate is not { } organisation || !organisation.IsAppointed(caller.Id, now))
        {
            return TypedResults.NotFound();
        }

        var decision = Decide(organisation, command, caller.Id, Guid.CreateVersion7(now), now);
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        stream.AppendMany(decision.Events);
        var version = stream.StartingVersion!.Value + decision.Events.Count;
        await session.SaveChangesAsync(ct);
        ETag.Set(http, version);
        var delegated = (QueueDelegated)decision.Events.Single();
        return TypedResults.Created(
            $"/api/v1/delegations?organisationId={organisation.Id}",
            new DelegationView(
                delegated.DelegationId, version, organisation.Id, organisation.Name, delegated.By,
                delegated.PersonId, delegated.From, delegated.Until, delegated.Reason));
    }

    public static Decision Decide(Organisation organisation, DelegateQueue command, Guid by, Guid id, DateTimeOffset now)
    {
        var from = command.From?.ToUniversalTime() ?? now;
        var until = command.Until.ToUniversalTime();
        return Refusal.All(
            [
                command.PersonId == Guid.Empty ? Refusal.Invalid("person-missing", "personId", "personId must be the subject of the person's tokens.") : null,
                command.PersonId == by ? Refusal.Invalid("delegation-to-oneself", "personId", "A coordinator can delegate only to another person.") : null,
                from < now.AddDays(-1) ? Refusal.Invalid("period-backdated", "from", "from must be no more than a day ago.") : null,
                until <= from ? Refusal.Invalid("period-empty", "until", "until must be after the beginning of the period.") : null,
                until <= now ? Refusal.Invalid("period-over", "until", "until must be in the future.") : null,
                until > from.AddDays(Delegation.MostDays)
                    ? Refusal.Invalid("period-too-long", "until", $"until must be at most {Delegation.MostDays} days after the beginning of the period.")
                    : null,
                Rules.OptionalText("reason", command.Reason, 1000),
            ]) is { } broken ? broken
            : organisation.Delegations.Count(delegation => delegation.Until > now) >= MostDelegations
                ? Refusal.Conflict("too-many-delegations", $"An organisation can have at most {MostDelegations} delegations; withdraw one first.")
                : Decision.Append(new QueueDelegated(
                    organisation.Id, id, by, command.PersonId, from, until, Written.Kept(command.Reason), now));
    }
}
