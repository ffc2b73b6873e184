using MassTransit;
using Microsoft.EntityFrameworkCore;
using VolunteerBook.Peer.Messaging;

namespace VolunteerBook.Peer.Ledger;

/// <summary>The book follows what was signed.</summary>
public sealed class WhenCaseConfirmed(LedgerContext database, IBus bus) : Once<LedgerContext, CaseConfirmed>(database, bus)
{
    private readonly LedgerContext database = database;

    protected override async Task HandleAsync(CaseConfirmed message, CancellationToken ct)
    {
        var entry = await database.Entries.Include(each => each.Shifts).SingleAsync(each => each.Id == message.EntryId, ct);
        if (entry.Status == "submitted")
        {
            (entry.Status, entry.DecidedAt, entry.Kid) = ("confirmed", message.At, message.Kid);
            database.Note(entry.Id, "confirmed", message.By, message.At);
            database.Publish(new EntryConfirmed(
                entry.Id, entry.VolunteerId, entry.OrganisationId, entry.TaskType, entry.Region, DateOnly.FromDateTime(entry.Shifts[0].Start),
                entry.Minutes, message.At));
        }

        await database.SaveChangesAsync(ct);
    }
}
