using System.Diagnostics.Metrics;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

/// <summary><c>POST /api/v1/vacancies/{id}/applications</c>: applies to shifts of a vacancy, to each shift once; again only after a withdrawal (F26).</summary>
/// <param name="ShiftIds">One shift of the vacancy or more, each once.</param>
/// <param name="Message">Own words to the organisation, at most 2000 characters.</param>
public sealed record Apply(IReadOnlyList<Guid> ShiftIds, string? Message = null);

/// <summary>What was applied for.</summary>
/// <param name="Id">The application.</param>
public sealed record ApplicationReceipt(Guid Id);

public static class ApplyEndpoint
{
    private static readonly Counter<long> Submitted = Telemetry.Meter.CreateCounter<long>(
        "volunteerbook.applications.submitted", "{application}", "Applications to vacancies");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/vacancies/{id:guid}/applications", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireName()
            .WithSummary("Apply for shifts of a vacancy")
            .WithExample(new Apply([new Guid("019a0000-0000-7000-8000-000000000002")], "Приду с друзьями."));

    private static async Task<Results<Created<ApplicationReceipt>, NotFound, ProblemHttpResult>> Handle(
        Guid id, Apply command, Caller caller, HttpContext http, OneTransaction transaction, TimeProvider clock, CancellationToken ct)
    {
        // Under the lock: one who applies twice at the same moment meets the first application, and nobody gets in behind a closure.
        await using var session = await transaction.AloneWithAsync(id, ct);
        var vacancy = await session.Events.FetchForWriting<Vacancy>(id, ct);
        if (vacancy.Aggregate is null)
        {
            return TypedResults.NotFound();
        }

        var volunteer = caller.Id;
        var earlier = await session.Query<Application>()
            .Where(application => application.VacancyId == id && application.VolunteerId == volunteer).ToListAsync(ct);
        var decision = await session.LoadAsync<Coordination>(vacancy.Aggregate.OrganisationId, ct) is { IsSuspended: true }
            ? VacancyRefusals.OrganisationSuspended
            : Decide(vacancy.Aggregate, earlier, volunteer, command, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        var application = Application.NextOf(id, volunteer, earlier);
        var stream = await session.Events.FetchForWriting<Application>(application, ct);
        var version = (stream.CurrentVersion ?? 0) + decision.Events.Count;
        stream.AppendMany(decision.Events);
        await session.SaveChangesAsync(ct);
        Submitted.Add(1);
        ETag.Set(http, version);
        return TypedResults.Created($"/api/v1/applications/{application}", new ApplicationReceipt(application));
    }

    public static Decision Decide(Vacancy vacancy, IReadOnlyList<Application> earlier, Guid volunteer, Apply command, DateTimeOffset now)
    {
        if (Check(vacancy, command) is { } broken)
        {
            return broken;
        }

        var over = vacancy.Shifts.Where(shift => command.ShiftIds.Contains(shift.Id) && Vacancy.IsOver(shift, now)).Select(shift => shift.Id).ToList();
        var applied = command.ShiftIds.Intersect(earlier.Where(application => application.Status != ApplicationStatus.Withdrawn)
            .SelectMany(application => application.ShiftIds)).ToList();
        return vacancy switch
        {
            _ when applied.Count > 0 => ApplicationRefusals.AlreadyApplied(applied),
            { Status: VacancyStatus.Closed } => VacancyRefusals.Closed,
            _ when over.Count > 0 => ApplicationRefusals.ShiftOver(over),
            _ => Decision.Append(new ApplicationSubmitted(vacancy.Id, vacancy.OrganisationId, volunteer, command.ShiftIds, Written.Kept(command.Message), now)),
        };
    }

    private static Refusal? Check(Vacancy vacancy, Apply command) => Refusal.All(
    [
        Rules.OptionalText("message", command.Message, 2000),
        command.ShiftIds.Count < 1 || command.ShiftIds.Count > vacancy.Shifts.Count
            ? Refusal.Invalid("shifts-out-of-range", "shiftIds", "Name one or more shifts of the vacancy, each once.")
            : null,
        .. command.ShiftIds.Take(vacancy.Shifts.Count).Select((shift, index) =>
            vacancy.Shift(shift) is null ? Refusal.Invalid("unknown-shift", $"shiftIds[{index}]", "The vacancy has no such shift.")
            : command.ShiftIds.Take(index).Contains(shift) ? Refusal.Invalid("shift-repeated", $"shiftIds[{index}]", "Name each shift once.")
            : null),
    ]);
}
