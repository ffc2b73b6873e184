using VolunteerBook.Contracts.Ledger;

namespace VolunteerBook.Reporting.Hours;

/// <summary>Where the hours of an entry stand. The order is the order of a submission's life: of two words about one submission the later one holds.</summary>
public enum FactStatus
{
    /// <summary>Waiting for the organisation.</summary>
    Submitted,

    /// <summary>Rejected, or returned for changes.</summary>
    Declined,

    /// <summary>Taken back by the volunteer.</summary>
    Withdrawn,

    /// <summary>Confirmed by the organisation: the only status in which hours count.</summary>
    Confirmed,

    /// <summary>The organisation took its confirmation back.</summary>
    Revoked,
}

/// <summary>What Reporting knows of one entry of somebody's book: the latest word, whatever the order in which the words came.</summary>
public sealed record Fact
{
    /// <summary>The entry's id.</summary>
    public Guid Id { get; init; }

    public int Version { get; set; }

    public Guid VolunteerId { get; init; }

    /// <summary>What was done; null while only an end without its submission is known.</summary>
    public EntryFacts? Facts { get; init; }

    /// <summary>The latest submission heard of, from 1.</summary>
    public int Revision { get; init; }

    public FactStatus Status { get; init; }

    /// <summary>Whether a word about a submission is later than all that is known.</summary>
    public bool IsOvertakenBy(int revision, FactStatus status) => (revision, status).CompareTo((Revision, Status)) > 0;

    public static Fact Create(HoursSubmitted e) => new Fact().Apply(e);

    public static Fact Create(HoursWithdrawn e) => new Fact().Apply(e);

    public static Fact Create(HoursDeclined e) => new Fact().Apply(e);

    public static Fact Create(HoursConfirmed e) => new Fact().Apply(e);

    public static Fact Create(HoursRevoked e) => new Fact().Apply(e);

    public Fact Apply(HoursSubmitted e) => Saying(e.Revision, FactStatus.Submitted, e.VolunteerId, e.Facts);

    public Fact Apply(HoursWithdrawn e) => Saying(e.Revision, FactStatus.Withdrawn, e.VolunteerId, Facts);

    public Fact Apply(HoursDeclined e) => Saying(e.Revision, FactStatus.Declined, e.VolunteerId, Facts);

    public Fact Apply(HoursConfirmed e) => Saying(e.Revision, FactStatus.Confirmed, e.VolunteerId, e.Facts);

    public Fact Apply(HoursRevoked e) => Saying(e.Revision, FactStatus.Revoked, e.VolunteerId, Facts);

    private Fact Saying(int revision, FactStatus status, Guid volunteer, EntryFacts? facts) => this with
    {
        Revision = revision,
        Status = status,
        VolunteerId = volunteer,
        Facts = facts,
    };
}
