using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Applications;

/// <summary>
/// <c>POST /api/v1/applications/{id}/attendance</c>: records that an accepted applicant worked a shift; it becomes a submitted entry of their book (F25).
/// </summary>
/// <param name="ShiftId">A shift of the application.</param>
/// <param name="Minutes">How long they worked from its start on, 1 to 1440 whole minutes that are over.</param>
public sealed record RecordAttendance(Guid ShiftId, int Minutes);

public static class RecordAttendanceEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/applications/{id:guid}/attendance", Handle)
            .RequireAuthorization(Policies.Coordinator)
            .RequireVersion()
            .WithSummary("Record that an accepted applicant worked a shift")
            .WithExample(new RecordAttendance(new Guid("019a0000-0000-7000-8000-000000000002"), 235));

    private static Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, RecordAttendance command, ExpectedVersion expected, Caller caller, HttpContext http, IDocumentSession session, OneTransaction transaction,
        TimeProvider clock, CancellationToken ct) =>
        ApplicationChange.ByCoordinatorAsync(
            id, expected, caller, http, session, transaction, clock, (application, vacancy, now) => Decide(application, vacancy, caller.Id, command, now), ct);

    public static Decision Decide(Application application, Vacancy vacancy, Guid by, RecordAttendance command, DateTimeOffset now)
    {
        var planned = vacancy.Shift(command.ShiftId)?.Planned();
        var broken = Refusal.All(
        [
            planned is null ? Refusal.Invalid("unknown-shift", "shiftId", "The vacancy has no such shift.") : null,
            command.Minutes is < 1 or > Shift.MostMinutes ? Refusal.Invalid("minutes-out-of-range", "minutes",
                "A shift must last from 1 to 1440 minutes.") : null,
        ]);
        if (planned is null || broken is not null)
        {
            return broken!;
        }

        var worked = planned with { Minutes = command.Minutes };
        return application switch
        {
            _ when OwnHours.Are(application.VolunteerId, by, []) => OwnHours.Refused,
            { Status: not ApplicationStatus.Accepted } => ApplicationRefusals.NotAccepted,
            _ when !application.ShiftIds.Contains(command.ShiftId) => ApplicationRefusals.ShiftNotApplied,
            _ when !worked.IsOver(now) => ApplicationRefusals.ShiftNotOver,
            _ when application.Attendance.FirstOrDefault(attendance => attendance.ShiftId == command.ShiftId) is { } recorded =>
                recorded.Minutes == command.Minutes ? Decision.Nothing : ApplicationRefusals.AttendanceRecorded,
            _ => Decision.Append(new AttendanceRecorded(
                AttendanceId(application.Id, command.ShiftId), vacancy.Id, application.VolunteerId, command.ShiftId,
                new EntryFacts(vacancy.OrganisationId, Project(vacancy.Title), vacancy.TaskType, vacancy.Region, [worked]), now)),
        };
    }

    // A title that is older than the rule for it may have several lines.
    private static string Project(string title) => Rules.Line("title", title, 200) is null ? title
        : string.Join(' ', Writing.Shown(title).Split(' ', StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } line ? line
        : title;

    /// <summary>One for each application and shift: the same attendance never makes two entries.</summary>
    public static Guid AttendanceId(Guid application, Guid shift) => Uuid.V5(application, "attendance/" + shift);
}
