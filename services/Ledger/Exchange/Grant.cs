namespace VolunteerBook.Ledger.Exchange;

/// <summary>
/// What a volunteer allows an agency: to read confirmed data, for one purpose, within a scope, for a time. Its stream holds every access under it too.
/// </summary>
public sealed record Grant
{
    public Guid Id { get; init; }

    /// <summary>
    /// How often the volunteer changed it: the ETag. Not the stream's version, which every access moves on: an agency that reads often must
    /// not make the volunteer's withdrawal stale.
    /// </summary>
    public int Terms { get; init; }

    public Guid VolunteerId { get; init; }

    /// <summary>Stream of the agency.</summary>
    public Guid AgencyId => Exchange.Agency.IdOf(Agency);

    /// <summary>Client id of the agency.</summary>
    public required string Agency { get; init; }

    public required string Purpose { get; init; }

    public required GrantScope Scope { get; init; }

    /// <summary>The last day on which it holds, UTC.</summary>
    public DateOnly Until { get; init; }

    public DateTimeOffset GivenAt { get; init; }

    public DateTimeOffset? WithdrawnAt { get; init; }

    /// <summary>How often data was given under it.</summary>
    public int Accesses { get; init; }

    /// <summary>When data was last given under it, UTC.</summary>
    public DateTimeOffset? LastAccessAt { get; init; }

    /// <summary>Whether it holds at this moment.</summary>
    public bool InForce(DateTimeOffset now) => WithdrawnAt is null && DateOnly.FromDateTime(now.UtcDateTime) <= Until;

    /// <summary>
    /// Whether it lets this agency, as it is registered now, have data at this moment: a purpose that the agency lost gives nothing any more.
    /// </summary>
    public bool Allows(Agency agency, DateTimeOffset now) => InForce(now) && agency.Id == AgencyId && agency.Has(Purpose);

    public static Grant Create(GrantGiven e) => new()
    {
        Terms = 1,
        VolunteerId = e.VolunteerId,
        Agency = e.Agency,
        Purpose = e.Purpose,
        Scope = e.Scope,
        Until = e.Until,
        GivenAt = e.At,
    };

    public Grant Apply(GrantWithdrawn e) => this with { Terms = Terms + 1, WithdrawnAt = e.At };

    public Grant Apply(DataGiven e) => this with { Accesses = Accesses + 1, LastAccessAt = e.At };
}
