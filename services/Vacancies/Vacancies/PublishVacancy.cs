using System.Diagnostics.Metrics;
using System.Globalization;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vacancies;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Organisations;

namespace VolunteerBook.Vacancies.Vacancies;

/// <summary><c>POST /api/v1/vacancies</c>: looks for volunteers in the name of an organisation that the caller coordinates (F23).</summary>
/// <param name="OrganisationId">The organisation.</param>
/// <param name="Title">Public title, a line of at most 200 characters; the project's name in the books of those who come.</param>
/// <param name="Description">Public description, at most 4000 characters.</param>
/// <param name="TaskType">ICNP/TSO code, e.g. <c>D12</c>.</param>
/// <param name="Region">ISO 3166-2 code, e.g. <c>RU-MOW</c>.</param>
/// <param name="Shifts">1 to 100 shifts that are not over.</param>
public sealed record PublishVacancy(
    Guid OrganisationId, string Title, string Description, string TaskType, string Region, IReadOnlyList<OfferedShift> Shifts);

/// <summary>A shift to be offered.</summary>
/// <param name="Start">Local date and time without an offset, e.g. <c>2026-05-09T10:00:00</c>.</param>
/// <param name="Zone">IANA time zone, e.g. <c>Europe/Moscow</c>.</param>
/// <param name="Minutes">Planned length in whole minutes, 1 to 1440.</param>
/// <param name="Places">How many volunteers it takes, 1 to 1000.</param>
/// <param name="Later">Of a start that the clock shows twice: whether the later one is meant.</param>
public sealed record OfferedShift(DateTime Start, string Zone, int Minutes, int Places, bool Later = false);

/// <summary>What was published.</summary>
/// <param name="Id">The vacancy.</param>
public sealed record VacancyReceipt(Guid Id);

public static class PublishVacancyEndpoint
{
    public const int MostShifts = 100;

    public const int MostPlaces = 1000;

    private static readonly Counter<long> Published = Telemetry.Meter.CreateCounter<long>(
        "volunteerbook.vacancies.published", "{vacancy}", "Vacancies published");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/vacancies", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .WithSummary("Publish a vacancy for an organisation that you coordinate")
            .WithExample(new PublishVacancy(
                new Guid("019a0000-0000-7000-8000-000000000001"), "Субботник в парке", "Перчатки и чай дадим на месте.", "E12", "RU-MOW",
                [new OfferedShift(new DateTime(2027, 5, 8, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 240, 30)]));

    private static async Task<Results<Created<VacancyReceipt>, ProblemHttpResult>> Handle(
        PublishVacancy command, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var decision = await session.LoadAsync<Coordination>(command.OrganisationId, ct) is { } coordination && coordination.IsCoordinator(caller.Id, now)
            ? Decide(id, coordination, command, now)
            : VacancyRefusals.OrganisationNotFound;
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        session.Events.StartStream<Vacancy>(id, decision.Events);
        await session.SaveChangesAsync(ct);
        Published.Add(1);
        ETag.Set(http, decision.Events.Count);
        return TypedResults.Created($"/api/v1/vacancies/{id}", new VacancyReceipt(id));
    }

    public static Decision Decide(Guid id, Coordination organisation, PublishVacancy command, DateTimeOffset now) => (organisation, Check(command, now)) switch
    {
        (_, { } broken) => broken,
        ({ IsApproved: false }, _) => VacancyRefusals.OrganisationNotApproved,
        ({ IsSuspended: true }, _) => VacancyRefusals.OrganisationSuspended,
        _ => Decision.Append(new VacancyPublished(
            command.OrganisationId, command.Title, command.Description, command.TaskType, command.Region,
            [.. command.Shifts.Select(
                (shift, index) => new VacancyShift(ShiftId(id, index), shift.Start, shift.Zone, shift.Minutes, shift.Places, shift.Later))],
            now)),
    };

    private static Guid ShiftId(Guid vacancy, int index) => Uuid.V5(vacancy, "shift/" + index.ToString(CultureInfo.InvariantCulture));

    private static Refusal? Check(PublishVacancy command, DateTimeOffset now) => Refusal.All(
    [
        // It becomes the project of whoever works there, in their documents.
        VocabularyRules.Printed("title", command.Title, 200),
        Rules.Text("description", command.Description, 4000),
        VocabularyRules.TaskType("taskType", command.TaskType),
        VocabularyRules.Region("region", command.Region),
        command.Shifts.Count is < 1 or > MostShifts ? Refusal.Invalid("shifts-out-of-range", "shifts", $"A vacancy must have 1 to {MostShifts} shifts.") : null,
        .. command.Shifts.Take(MostShifts).SelectMany((shift, index) => Check(shift, $"shifts[{index}]", now)),
    ]);

    private static List<Refusal> Check(OfferedShift? shift, string path, DateTimeOffset now)
    {
        if (shift is null)
        {
            return [Refusal.Invalid("shift-missing", path, "A shift must have a start, a zone, minutes and places.")];
        }

        var planned = new Shift(shift.Start, shift.Zone, shift.Minutes, shift.Later);
        var broken = planned.BrokenRules().Select(rule => Refusal.Invalid(rule.Code, $"{path}.{rule.Member}", rule.Rule)).ToList();
        if (broken.Count == 0 && planned.StartsAt().AddMinutes(planned.Minutes) <= now)
        {
            broken.Add(Refusal.Invalid("shift-over", $"{path}.start", "This shift is over; a vacancy must have only shifts to come."));
        }

        if (shift.Places is < 1 or > MostPlaces)
        {
            broken.Add(Refusal.Invalid("places-out-of-range", $"{path}.places", $"A shift must have 1 to {MostPlaces} places."));
        }

        return broken;
    }
}
