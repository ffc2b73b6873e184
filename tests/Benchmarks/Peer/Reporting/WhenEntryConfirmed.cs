using MassTransit;
using Microsoft.EntityFrameworkCore;
using VolunteerBook.Peer.Messaging;

namespace VolunteerBook.Peer.Reporting;

/// <summary>Sums move in the transaction of what they sum up.</summary>
public sealed class WhenEntryConfirmed(ReportingContext database, IBus bus) : Once<ReportingContext, EntryConfirmed>(database, bus)
{
    private readonly ReportingContext database = database;

    protected override async Task HandleAsync(EntryConfirmed message, CancellationToken ct)
    {
        database.Hours.Add(new Hours
        {
            EntryId = message.EntryId,
            VolunteerId = message.VolunteerId,
            OrganisationId = message.OrganisationId,
            Minutes = message.Minutes,
        });
        await database.SaveChangesAsync(ct);
        var month = (message.FirstDay.Year * 100) + message.FirstDay.Month;
        // Last, since it is the row that others wait for.
        await database.Database.ExecuteSqlAsync(
            $"""
            insert into "Totals" ("OrganisationId", "Region", "TaskType", "Month", "Minutes", "Entries")
            values ({message.OrganisationId}, {message.Region}, {message.TaskType}, {month}, {message.Minutes}, 1)
            on conflict ("OrganisationId", "Region", "TaskType", "Month")
            do update set "Minutes" = "Totals"."Minutes" + excluded."Minutes", "Entries" = "Totals"."Entries" + 1
            """,
            ct);
    }
}
