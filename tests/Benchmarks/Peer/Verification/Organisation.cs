namespace VolunteerBook.Peer.Verification;

/// <summary>An organisation that can sign.</summary>
public sealed class Organisation
{
    public Guid Id { get; init; }

    public required List<Coordinator> Coordinators { get; init; }

    public required List<SigningKey> Keys { get; init; }
}

/// <summary>Who may sign for it.</summary>
public sealed class Coordinator
{
    public Guid OrganisationId { get; init; }

    public Guid PersonId { get; init; }
}

/// <summary>A public P-256 key of it.</summary>
public sealed class SigningKey
{
    public required string Kid { get; init; }

    public Guid OrganisationId { get; init; }

    public required string X { get; init; }

    public required string Y { get; init; }

    public DateTimeOffset ValidFrom { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}
