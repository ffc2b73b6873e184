using System.Diagnostics.Metrics;
using Marten;
using Microsoft.AspNetCore.Http.HttpResults;
using VolunteerBook.Contracts.Ledger;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.EventSourcing;
using VolunteerBook.ServiceDefaults;

namespace VolunteerBook.Ledger.Entries;

/// <summary>
/// <c>POST /api/v1/entries</c>: puts work done into one's own book, as a draft or submitted at once (F7, F28). Without a name there is no book.
/// </summary>
/// <param name="OrganisationId">The receiving organisation.</param>
/// <param name="Project">Name of the project or event, a line of at most 200 characters.</param>
/// <param name="TaskType">ICNP/TSO code, e.g. <c>D12</c>.</param>
/// <param name="Region">ISO 3166-2 code, e.g. <c>RU-MOW</c>.</param>
/// <param name="Shifts">1 to 100 shifts that are over.</param>
/// <param name="Description">
/// Own words on what was done, at most 4000 characters; once it is submitted, who decides and who is asked to confirm see them.
/// </param>
/// <param name="Submit">Whether to ask the organisation to confirm at once.</param>
/// <param name="Level">The volunteer's responsibility (F12).</param>
/// <param name="Place">Where in the region, e.g. a town and a venue, a line of at most 200 characters.</param>
/// <param name="Volume">How much was done (F41), in a unit of the task.</param>
/// <param name="Documents">At most 20 documents that support it; once it is submitted, who decides sees them.</param>
/// <param name="Paper">The record in a paper book that this is taken from: marks the entry as old history filled in.</param>
public sealed record LogEntry(
    Guid OrganisationId, string Project, string TaskType, string Region, IReadOnlyList<Shift> Shifts, string? Description = null, bool Submit = false,
    ResponsibilityLevel Level = ResponsibilityLevel.Participant, string? Place = null, Volume? Volume = null,
    IReadOnlyList<DocumentReference>? Documents = null, PaperRecord? Paper = null)
{
    public EntryFacts Facts() => new(OrganisationId, Project, TaskType, Region, Shifts, Level, Written.Kept(Place), Volume);
}

/// <summary>What was logged.</summary>
/// <param name="Id">The entry.</param>
/// <param name="Status"><c>draft</c> or <c>submitted</c>.</param>
/// <param name="Minutes">Sum over the shifts.</param>
public sealed record EntryReceipt(Guid Id, EntryStatus Status, int Minutes);

public static class LogEntryEndpoint
{
    private static readonly Counter<long> Logged = Telemetry.Meter.CreateCounter<long>("volunteerbook.entries.logged", "{entry}", "Entries put into books");

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/entries", Handle)
            .RequireAuthorization(Policies.Volunteer)
            .RequireName()
            .WithSummary("Log work done")
            .WithExample(new LogEntry(
                new Guid("019a0000-0000-7000-8000-000000000001"), "Забота рядом", "D12", "RU-MOW",
                [new Shift(new DateTime(2026, 5, 9, 10, 0, 0, DateTimeKind.Unspecified), "Europe/Moscow", 240)], "Помощь ветеранам", Submit: true));

    private static async Task<Results<Created<EntryReceipt>, ProblemHttpResult>> Handle(
        LogEntry command, Caller caller, HttpContext http, IDocumentSession session, TimeProvider clock, CancellationToken ct)
    {
        var decision = Decide(caller.Id, command, clock.GetUtcNow());
        if (decision.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        var id = Guid.CreateVersion7();
        session.Events.StartStream<Entry>(id, decision.Events);
        await session.SaveChangesAsync(ct);
        Logged.Add(1);
        ETag.Set(http, decision.Events.Count);
        return TypedResults.Created($"/api/v1/entries/{id}",
            new EntryReceipt(id, command.Submit ? EntryStatus.Submitted : EntryStatus.Draft, command.Facts().Minutes()));
    }

    public static Decision Decide(Guid volunteer, LogEntry command, DateTimeOffset now)
    {
        var facts = command.Facts();
        if (Refusal.All([EntryRules.Check(facts, command.Description, command.Documents, now), .. Check(command.Paper)]) is { } refusal)
        {
            return refusal;
        }

        var source = command.Paper is null ? EntrySource.Volunteer : EntrySource.Paper;
        var logged = new EntryLogged(volunteer, source, facts, command.Description, now, EntryRules.Kept(command.Documents), command.Paper);
        return command.Submit ? Decision.Append(logged, new EntrySubmitted(1, volunteer, facts, now, WordsShown: true)) : Decision.Append(logged);
    }

    private static IEnumerable<Refusal?> Check(PaperRecord? paper) => paper is null ? [] :
    [
        Rules.Line("paper.number", paper.Number, 100),
        Rules.Line("paper.issuedBy", paper.IssuedBy, 200),
        paper.Page is < 1 or > 10_000 ? Refusal.Invalid("page-out-of-range", "paper.page", "The page must be a number from 1 to 10,000.") : null,
    ];
}
