using System.Globalization;
using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Ledger.Extracts;

/// <summary>A certificate of one confirmed entry. It stands as long as the confirmation does.</summary>
public sealed record Certificate
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public Guid VolunteerId { get; init; }

    public Guid EntryId { get; init; }

    public int Revision { get; init; }

    public required string Number { get; init; }

    public int StatusIndex { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>When it ceased to stand, UTC; null while it does.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Whether it ceased because a later confirmation took the place of its own.</summary>
    public bool Superseded { get; init; }

    /// <summary>The certificate of a confirmation: UUIDv5 in the entry's own namespace, so that one confirmation never makes two.</summary>
    public static Guid IdOf(Guid entry, int revision) => Uuid.V5(entry, "certificate/" + revision.ToString(CultureInfo.InvariantCulture));

    public static Certificate Create(CertificateIssued e) => new()
    {
        VolunteerId = e.VolunteerId,
        EntryId = e.EntryId,
        Revision = e.Revision,
        Number = e.Number,
        StatusIndex = e.StatusIndex,
        IssuedAt = e.At,
    };

    public Certificate Apply(CertificateRevoked e) => this with { RevokedAt = e.At, Superseded = e.Superseded };
}
