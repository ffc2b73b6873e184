namespace VolunteerBook.Peer.Ledger;

/// <summary>When the work of an entry was done.</summary>
public sealed class ShiftRow
{
    public long Id { get; init; }

    public Guid EntryId { get; init; }

    public DateTime Start { get; init; }

    public required string Zone { get; init; }

    public int Minutes { get; init; }
}
