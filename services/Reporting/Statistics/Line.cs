namespace VolunteerBook.Reporting.Statistics;

/// <summary>One line of a breakdown.</summary>
/// <param name="Key">Region, month (<c>2026-05</c>) or task type.</param>
/// <param name="Minutes">Confirmed minutes that count under this key.</param>
/// <param name="Entries">Confirmed entries with work under this key. One that spans months stands in the line of each.</param>
public sealed record Line(string Key, long Minutes, long Entries);

/// <summary>One organisation's line.</summary>
/// <param name="Key">The organisation's id.</param>
/// <param name="Name">Its name; null while Profiles has not told it.</param>
/// <param name="Minutes">Confirmed minutes.</param>
/// <param name="Entries">Confirmed entries.</param>
public sealed record OrganisationLine(Guid Key, string? Name, long Minutes, long Entries);
