namespace VolunteerBook.Ledger.Extracts.Deliveries;

/// <summary>An extract that was given to somebody: as a file by mail, or by a link that ends.</summary>
public sealed record Delivery
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public Guid VolunteerId { get; init; }

    public Guid ExtractId { get; init; }

    public bool ByMail { get; init; }

    /// <summary>When the link ends, UTC; null without a link.</summary>
    public DateTimeOffset? Until { get; init; }

    public DateTimeOffset At { get; init; }

    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>Whether the link leads anywhere at this moment.</summary>
    public bool IsOpen(DateTimeOffset now) => WithdrawnAt is null && now < Until;

    public static Delivery Create(ExtractDelivered e) =>
        new() { VolunteerId = e.VolunteerId, ExtractId = e.ExtractId, ByMail = e.ByMail, Until = e.Until, At = e.At };

    public Delivery Apply(ExtractLinkWithdrawn e) => this with { WithdrawnAt = e.At };
}
