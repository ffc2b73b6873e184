namespace VolunteerBook.Peer.Ledger;

/// <summary>A line of somebody's book.</summary>
public sealed class Entry
{
    public Guid Id { get; init; }

    public Guid VolunteerId { get; init; }

    public Guid OrganisationId { get; init; }

    public required string Project { get; init; }

    public required string TaskType { get; init; }

    public required string Region { get; init; }

    public string? Description { get; init; }

    public int Minutes { get; init; }

    public int Revision { get; set; }

    public required string Status { get; set; }

    public DateTimeOffset LoggedAt { get; init; }

    public DateTimeOffset? SubmittedAt { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public string? Kid { get; set; }

    /// <summary>PostgreSQL's own number of the row's last change: what a change is compared with.</summary>
    public uint Version { get; init; }

    public required List<ShiftRow> Shifts { get; init; }
}
