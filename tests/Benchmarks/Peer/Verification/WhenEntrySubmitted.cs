using MassTransit;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Peer.Messaging;

namespace VolunteerBook.Peer.Verification;

/// <summary>A submitted entry opens a case by itself.</summary>
public sealed class WhenEntrySubmitted(VerificationContext database, IBus bus, TimeProvider clock) : Once<VerificationContext, EntrySubmitted>(database, bus)
{
    private readonly VerificationContext database = database;

    protected override async Task HandleAsync(EntrySubmitted message, CancellationToken ct)
    {
        var opened = new Case
        {
            Id = CaseIds.Of(message.EntryId, message.Revision),
            EntryId = message.EntryId,
            Revision = message.Revision,
            VolunteerId = message.VolunteerId,
            OrganisationId = message.OrganisationId,
            Project = message.Project,
            TaskType = message.TaskType,
            Region = message.Region,
            Shifts = message.Shifts,
            Minutes = message.Minutes,
            OpenedAt = clock.GetUtcNow(),
            Status = "open",
            Version = 1,
        };
        database.Cases.Add(opened);
        database.Note(opened.Id, "opened", message.VolunteerId, opened.OpenedAt);
        await database.SaveChangesAsync(ct);
    }
}
