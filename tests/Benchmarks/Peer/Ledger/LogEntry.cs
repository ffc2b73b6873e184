using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Peer.Messaging;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Peer.Ledger;

/// <summary><c>POST /api/v1/entries</c>, with the body that ours takes.</summary>
public sealed record LogEntry(
    Guid OrganisationId, string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts, string? Description = null, bool Submit = false)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/entries", HandleAsync).RequireAuthorization(Policies.Volunteer);

    private static async Task<Results<Created<EntryReceipt>, ValidationProblem>> HandleAsync(
        LogEntry command, Caller caller, LedgerContext database, TimeProvider clock, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (command.Broken(now).ToDictionary(broken => broken.Field, broken => new[] { broken.Rule }) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var entry = command.ToEntry(caller.Id, now);
        database.Entries.Add(entry);
        database.Note(entry.Id, "logged", caller.Id, now);
        // As ours tells analysts of every entry that is logged.
        database.Publish(new EntryLogged(entry.Id, entry.VolunteerId, entry.OrganisationId, entry.TaskType, entry.Region, entry.Minutes, now));
        if (command.Submit)
        {
            database.Note(entry.Id, "submitted", caller.Id, now);
            database.Publish(new EntrySubmitted(
                entry.Id, entry.Revision, entry.VolunteerId, entry.OrganisationId, entry.Project, entry.TaskType, entry.Region, [.. command.Shifts],
                entry.Minutes, now));
        }

        await database.SaveChangesAsync(ct);
        return TypedResults.Created($"/api/v1/entries/{entry.Id}", new EntryReceipt(entry.Id, entry.Status, entry.Minutes));
    }

    private Entry ToEntry(Guid volunteer, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        VolunteerId = volunteer,
        OrganisationId = OrganisationId,
        Project = Project,
        TaskType = TaskType,
        Region = Region,
        Description = Description,
        Minutes = Shifts.Sum(shift => shift.Minutes),
        Status = Submit ? "submitted" : "draft",
        Revision = Submit ? 1 : 0,
        LoggedAt = now,
        SubmittedAt = Submit ? now : null,
        Shifts = [.. Shifts.Select(shift => new ShiftRow { Start = shift.Start, Zone = shift.Zone, Minutes = shift.Minutes })],
    };

    private IEnumerable<(string Field, string Rule)> Broken(DateTimeOffset now)
    {
        if (Project.Length is 0 or > 200)
        {
            yield return ("project", "The project must have 1 to 200 characters.");
        }

        if (Contracts.Vocabulary.TaskTypes.Find(TaskType) is null)
        {
            yield return ("taskType", "There is no such task type.");
        }

        if (Regions.Find(Region) is null)
        {
            yield return ("region", "There is no such region.");
        }

        if (Shifts.Count is 0 or > 100)
        {
            yield return ("shifts", "There must be 1 to 100 shifts.");
        }

        if (Shifts.SelectMany(shift => shift.BrokenRules(now)).Select(broken => broken.Rule).FirstOrDefault() is { } rule)
        {
            yield return ("shifts", rule);
        }
    }
}

/// <summary>What was logged.</summary>
public sealed record EntryReceipt(Guid Id, string Status, int Minutes);
