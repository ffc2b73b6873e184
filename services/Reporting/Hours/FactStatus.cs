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
