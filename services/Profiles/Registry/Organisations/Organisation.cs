using VolunteerBook.Contracts.Vocabulary;

namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>How far an organisation has come.</summary>
public enum OrganisationStatus
{
    /// <summary>Waits for the administrator.</summary>
    Pending,

    /// <summary>May receive volunteers and is public.</summary>
    Approved,

    /// <summary>Refused; it may be registered again.</summary>
    Refused,
}

/// <summary>A person's right to act for an organisation, from <paramref name="From"/> until just before <paramref name="Until"/>.</summary>
public sealed record Coordinator(Guid PersonId, DateTimeOffset From, DateTimeOffset? Until)
{
    /// <summary>Whether the period holds this instant.</summary>
    public bool IsInForce(DateTimeOffset at) => Appointment.IsInForce(at);

    internal Appointment Appointment => new(PersonId, From, Until);
}

/// <summary>
/// The public half of a key by which an organisation signs: a point on P-256, or a certificate of ГОСТ Р 34.10-2012. Keys from before a proof was asked
/// for are not proven, and serve as they did.
/// </summary>
public sealed record SigningKey(
    string Kid, string Label, string X, string Y, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset RegisteredAt,
    DateTimeOffset? RevokedAt = null, string? RevocationReason = null, string? Certificate = null, bool Proven = false);

/// <summary>That an organisation may confirm nothing new.</summary>
/// <param name="Reason">Why: for its coordinators and the administrator.</param>
/// <param name="At">Since when, UTC.</param>
public sealed record Suspension(string Reason, DateTimeOffset At);

/// <summary>An organisation that receives volunteers, with its coordinators and signing keys.</summary>
public sealed record Organisation(
    Guid Id, string Name, string Ogrn, string Region, OrganisationStatus Status, Guid RegisteredBy, DateTimeOffset RegisteredAt)
{
    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    /// <summary>Why it was refused; null unless it is.</summary>
    public string? RefusalReason { get; init; }

    /// <summary>Why and since when it is suspended, beside being approved; null unless it is.</summary>
    public Suspension? Suspension { get; init; }

    /// <summary>In the order of their first appointment.</summary>
    public IReadOnlyList<Coordinator> Coordinators { get; init; } = [];

    /// <summary>Since when each coordinator is one without a break, UTC: what they delegated before a break does not come back with them.</summary>
    public IReadOnlyDictionary<Guid, DateTimeOffset> CoordinatedWithoutBreakSince { get; init; } = new Dictionary<Guid, DateTimeOffset>();

    /// <summary>Oldest first; revoked ones stay.</summary>
    public IReadOnlyList<SigningKey> Keys { get; init; } = [];

    /// <summary>Name and ОГРН as they are searched and sorted: upper case, ё as е. No two organisations share one.</summary>
    public string SearchKey => $"{Fold(Name)} {Ogrn}";

    /// <summary>A text as <see cref="SearchKey"/> has it, whatever the database's collation.</summary>
    public static string Fold(string text) => text.ToUpperInvariant().Replace('Ё', 'Е');

    /// <summary>Whether this person may act for the organisation at this instant.</summary>
    public bool IsCoordinatedBy(Guid personId, DateTimeOffset at) => Appointments.IsAppointed(personId, at);

    internal IReadOnlyCollection<Appointment> Appointments => [.. Coordinators.Select(coordinator => coordinator.Appointment)];

    public static Organisation Create(OrganisationRegistered registered) =>
        new(registered.OrganisationId, registered.Name, registered.Ogrn, registered.Region, OrganisationStatus.Pending, registered.RegisteredBy, registered.At);

    public Organisation Apply(OrganisationRegisteredAgain again) => this with
    {
        Name = again.Name,
        Region = again.Region,
        Status = OrganisationStatus.Pending,
        RegisteredBy = again.RegisteredBy,
        RegisteredAt = again.At,
        RefusalReason = null,
    };

    public Organisation Apply(OrganisationApproved _) => this with { Status = OrganisationStatus.Approved };

    public Organisation Apply(OrganisationRefused refused) => this with { Status = OrganisationStatus.Refused, RefusalReason = refused.Reason };

    public Organisation Apply(OrganisationSuspended suspended) => this with { Suspension = new(suspended.Reason, suspended.At) };

    public Organisation Apply(OrganisationCorrected corrected) => this with { Name = corrected.Name, Region = corrected.Region };

    public Organisation Apply(OrganisationReinstated _) => this with { Suspension = null };

    public Organisation Apply(CoordinatorAppointed appointed)
    {
        var coordinator = new Coordinator(appointed.PersonId, appointed.From, appointed.Until);
        return this with
        {
            Coordinators = Coordinators.Any(known => known.PersonId == coordinator.PersonId)
                ? [.. Coordinators.Select(known => known.PersonId == coordinator.PersonId ? coordinator : known)]
                : [.. Coordinators, coordinator],
            CoordinatedWithoutBreakSince = Coordinators.Any(known => known.PersonId == coordinator.PersonId
                && coordinator.Appointment.Continues(known.Appointment))
                ? CoordinatedWithoutBreakSince
                : new Dictionary<Guid, DateTimeOffset>(CoordinatedWithoutBreakSince) { [coordinator.PersonId] = appointed.At },
        };
    }

    public Organisation Apply(CoordinatorRemoved removed) =>
        this with { Coordinators = [.. Coordinators.Where(coordinator => coordinator.PersonId != removed.PersonId)] };

    public Organisation Apply(SigningKeyRegistered registered) => this with
    {
        Keys = [.. Keys, new SigningKey(
            registered.Kid, registered.Label, registered.X, registered.Y, registered.ValidFrom,
            registered.ValidUntil, registered.At, Certificate: registered.Certificate,
            Proven: registered.Proof is not null)],
    };

    public Organisation Apply(SigningKeyRevoked revoked) => this with
    {
        Keys = [.. Keys.Select(key => key.Kid == revoked.Kid ? key with { RevokedAt = revoked.At, RevocationReason = revoked.Reason } : key)],
    };
}
