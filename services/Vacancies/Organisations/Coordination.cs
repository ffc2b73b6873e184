using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.Vacancies.Vacancies;

namespace VolunteerBook.Vacancies.Organisations;

/// <summary>Who may act for an organisation, as far as Profiles has told: a stream per organisation, under the organisation's id.</summary>
public sealed record Coordination
{
    /// <summary>The organisation.</summary>
    public Guid Id { get; init; }

    public int Version { get; set; }

    /// <summary>The organisation's public name; null before it was approved.</summary>
    public string? Name { get; init; }

    /// <summary>The name as vacancies are searched by it.</summary>
    public string? SearchName => SearchText.Name(Name);

    /// <summary>The version of the fact that <see cref="Name"/> comes from; 0 before the first.</summary>
    public long ApprovalVersion { get; init; }

    /// <summary>When Profiles recorded that fact, UTC; null before the first, and in documents that are older than this member.</summary>
    public DateTimeOffset? ApprovedAt { get; init; }

    /// <summary>The latest fact about its suspension; null before the first.</summary>
    public SuspensionFact? Suspension { get; init; }

    /// <summary>The latest fact about each person ever named.</summary>
    public IReadOnlyList<Membership> Members { get; init; } = [];

    public bool IsApproved => ApprovalVersion > 0;

    /// <summary>Whether it may seek nobody and record nobody's attendance.</summary>
    public bool IsSuspended => Suspension is { IsSuspended: true };

    public bool IsCoordinator(Guid person, DateTimeOffset now) => Members.Select(member => member.Appointment).IsAppointed(person, now);

    /// <summary>Whether it is known already that the organisation was approved under this name.</summary>
    public bool KnowsApproval(long version, DateTimeOffset at) => IsNoLater(version, at, ApprovalVersion, ApprovedAt);

    /// <summary>Whether this fact about a person is known, or a later one.</summary>
    public bool Knows(Guid person, long version, DateTimeOffset at) =>
        Members.FirstOrDefault(member => member.PersonId == person) is { } known && IsNoLater(version, at, known.Version, known.At);

    /// <summary>Whether this fact about its suspension is known, or a later one.</summary>
    public bool KnowsSuspension(long version, DateTimeOffset at) =>
        Suspension is { } known && IsNoLater(version, at, known.Version, known.At);

    public static Coordination Create(OrganisationSuspended e) => new Coordination().Apply(e);

    public static Coordination Create(OrganisationReinstated e) => new Coordination().Apply(e);

    public static Coordination Create(OrganisationApproved e) => new Coordination().Apply(e);

    public static Coordination Create(CoordinatorAppointed e) => new Coordination().Apply(e);

    public static Coordination Create(CoordinatorRemoved e) => new Coordination().Apply(e);

    public Coordination Apply(OrganisationApproved e) => this with { Name = e.Name, ApprovalVersion = e.Version, ApprovedAt = e.At };

    public Coordination Apply(OrganisationSuspended e) => this with { Suspension = new(true, e.Version, e.At) };

    public Coordination Apply(OrganisationReinstated e) => this with { Suspension = new(false, e.Version, e.At) };

    public Coordination Apply(CoordinatorAppointed e) => With(new Membership(e.PersonId, e.From, e.Until, e.Version, e.At));

    public Coordination Apply(CoordinatorRemoved e) => With(new Membership(e.PersonId, null, null, e.Version, e.At));

    // A store of Profiles that was put back counts on from a lower version, but its later facts are later; the clocks of its instances may differ, but
    // versions of one store only grow.
    private static bool IsNoLater(long version, DateTimeOffset at, long knownVersion, DateTimeOffset? knownAt) =>
        version <= knownVersion && (knownAt is null || at <= knownAt);

    private Coordination With(Membership latest) =>
        this with { Members = [.. Members.Where(member => member.PersonId != latest.PersonId), latest] };
}

/// <summary>The latest fact about an organisation's suspension.</summary>
/// <param name="IsSuspended">Suspended, or no longer.</param>
/// <param name="Version">The organisation's version in Profiles.</param>
/// <param name="At">When Profiles recorded it, UTC.</param>
public sealed record SuspensionFact(bool IsSuspended, long Version, DateTimeOffset At);

/// <summary>
/// The latest fact about a person and an organisation. One who was removed stays, without a period, so that an older
/// appointment that arrives late is known as old.
/// </summary>
/// <param name="PersonId">The person.</param>
/// <param name="From">First instant of the period, UTC; null for one who was removed.</param>
/// <param name="Until">First instant after the period, UTC; null while it has no end.</param>
/// <param name="Version">The organisation's version in Profiles.</param>
/// <param name="At">When Profiles recorded it, UTC; null in documents that are older than this member.</param>
public sealed record Membership(Guid PersonId, DateTimeOffset? From, DateTimeOffset? Until, long Version, DateTimeOffset? At = null)
{
    internal Appointment Appointment => new(PersonId, From, Until);
}
