using System.Text.Json.Serialization;
using VolunteerBook.Contracts.Vocabulary;
using VolunteerBook.ServiceDefaults;
using VolunteerBook.Verification.Delegations;

namespace VolunteerBook.Verification.Organisations;

/// <summary>Profiles approved the organisation.</summary>
public sealed record OrganisationKnown(string Name, string Region);

/// <summary>A person may decide for the organisation, from a moment until another (UTC), or without an end.</summary>
public sealed record CoordinatorKnown(Guid PersonId, DateTimeOffset From, DateTimeOffset? Until);

/// <summary>A person may no longer decide for the organisation.</summary>
public sealed record CoordinatorGone(Guid PersonId);

/// <summary>
/// The organisation may sign with a key: a point on P-256, coordinates in base64url (RFC 7518, 6.2.1), or the certificate of a key of ГОСТ Р 34.10-2012, DER in
/// base64, where the coordinates are empty.
/// </summary>
public sealed record KeyKnown(
    string Kid, string X, string Y, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Certificate = null);

/// <summary>The organisation may no longer sign with a key. What it signed before stands.</summary>
public sealed record KeyRevoked(string Kid, DateTimeOffset At);

/// <summary>The administrator suspended the organisation: it confirms nothing new. What it confirmed before stands.</summary>
/// <param name="At">Since when, UTC.</param>
public sealed record SuspensionKnown(DateTimeOffset At);

/// <summary>The organisation is suspended no longer.</summary>
/// <param name="At">Since when, UTC.</param>
public sealed record SuspensionLifted(DateTimeOffset At);

/// <summary>A coordinator's period.</summary>
public sealed record Coordinator(Guid PersonId, DateTimeOffset From, DateTimeOffset? Until)
{
    internal Appointment Appointment => new(PersonId, From, Until);
}

/// <summary>A public key, or a certificate, with its validity; times in UTC.</summary>
public sealed record SigningKey(
    string Kid, string X, string Y, DateTimeOffset ValidFrom, DateTimeOffset? ValidUntil, DateTimeOffset? RevokedAt, string? Certificate = null);

/// <summary>
/// What Verification knows of an organisation: who may decide for it and with which keys. Fed by Profiles' events in their order, and by its coordinators'
/// delegations; the stream's id is the organisation's.
/// </summary>
public sealed record Organisation
{
    public Guid Id { get; init; }

    public int Version { get; set; }

    public string Name { get; init; } = "";

    /// <summary>Since when it is suspended, UTC: its coordinators read on, and evidence nothing. Null unless it is.</summary>
    public DateTimeOffset? SuspendedAt { get; init; }

    public IReadOnlyList<Coordinator> Coordinators { get; init; } = [];

    public IReadOnlyList<SigningKey> Keys { get; init; } = [];

    /// <summary>What its coordinators delegated, without what was withdrawn; some of it may be over.</summary>
    public IReadOnlyList<Delegation> Delegations { get; init; } = [];

    /// <summary>
    /// Whether the person may work on the organisation's cases and sheets at this moment: by appointment, or as the deputy of a coordinator who may (N9).
    /// </summary>
    public bool IsCoordinator(Guid person, DateTimeOffset now) => IsAppointed(person, now) || InThePlaceOf(person, now).Count > 0;

    /// <summary>Whether the person may evidence the volunteer's hours at this moment, in whatever way (<see cref="OwnHours"/>).</summary>
    public bool MayEvidence(Guid volunteer, Guid person, DateTimeOffset now) =>
        IsCoordinator(person, now) && !OwnHours.Are(volunteer, person, InThePlaceOf(person, now));

    /// <summary>Why the person may not evidence the volunteer's hours at this moment; null where they may.</summary>
    public Refusal? RefusesToEvidence(Guid volunteer, Guid person, DateTimeOffset now) =>
        SuspendedAt is not null ? Suspended : MayEvidence(volunteer, person, now) ? null : OwnHours.Refused;

    /// <summary>The refusal of everything by which a suspended organisation would evidence work.</summary>
    public static Refusal Suspended { get; } = Refusal.Conflict(
        "organisation-suspended", "The administrator has suspended this organisation: it can confirm nothing until the suspension is lifted.");

    /// <summary>The coordinators whose deputy the person is at this moment; none for who is a coordinator by appointment.</summary>
    public IReadOnlyList<Guid> InThePlaceOf(Guid person, DateTimeOffset now) =>
        Appointments.InThePlaceOf(Delegations.Select(delegation => delegation.Deputising), person, now);

    /// <summary>
    /// Whether the person is a coordinator at this moment by appointment: only these set rules, take confirmations back, review and delegate.
    /// </summary>
    public bool IsAppointed(Guid person, DateTimeOffset now) => Appointments.IsAppointed(person, now);

    /// <summary>Ids of the keys that may sign at this moment.</summary>
    public IReadOnlyList<string> KidsInForce(DateTimeOffset now) =>
        [.. Keys.Where(key => key.RevokedAt is null && key.ValidFrom <= now && !(key.ValidUntil <= now)).Select(key => key.Kid)];

    public Organisation Apply(OrganisationKnown e) => this with { Name = e.Name };

    public Organisation Apply(SuspensionKnown e) => this with { SuspendedAt = e.At };

    public Organisation Apply(SuspensionLifted _) => this with { SuspendedAt = null };

    public Organisation Apply(CoordinatorKnown e) => this with
    {
        Coordinators = [.. Coordinators.Where(known => known.PersonId != e.PersonId), new Coordinator(e.PersonId, e.From, e.Until)],
        // A period that follows on the old one without a break keeps its deputies; after a break they are not there again by themselves.
        Delegations = Appointments.Any(known => known.PersonId == e.PersonId && !new Appointment(e.PersonId, e.From, e.Until).Continues(known))
            ? Without(e.PersonId)
            : Delegations,
    };

    public Organisation Apply(CoordinatorGone e) => this with
    {
        Coordinators = [.. Coordinators.Where(known => known.PersonId != e.PersonId)],
        Delegations = Without(e.PersonId),
    };

    public Organisation Apply(QueueDelegated e) => this with
    {
        Delegations =
        [
            .. Delegations.Where(delegation => delegation.Until > e.At),
            new Delegation(e.DelegationId, e.By, e.PersonId, e.From, e.Until, e.Reason, e.At),
        ],
    };

    public Organisation Apply(DelegationWithdrawn e) => this with { Delegations = [.. Delegations.Where(delegation => delegation.Id != e.DelegationId)] };

    public Organisation Apply(KeyKnown e) => this with
    {
        // Who hears of it a second time, after it was revoked, hears of the past: a revoked key does not come back.
        Keys =
        [
            .. Keys.Where(known => known.Kid != e.Kid),
            new SigningKey(
                e.Kid, e.X, e.Y, e.ValidFrom, e.ValidUntil, Keys.FirstOrDefault(known => known.Kid == e.Kid)?.RevokedAt, e.Certificate),
        ],
    };

    public Organisation Apply(KeyRevoked e) => this with
    {
        Keys = [.. Keys.Select(known => known.Kid == e.Kid ? known with { RevokedAt = e.At } : known)],
    };

    private List<Appointment> Appointments => [.. Coordinators.Select(coordinator => coordinator.Appointment)];

    private IReadOnlyList<Delegation> Without(Guid coordinator) => [.. Delegations.Where(delegation => delegation.By != coordinator)];
}
