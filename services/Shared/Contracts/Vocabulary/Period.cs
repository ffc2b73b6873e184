namespace VolunteerBook.Contracts.Vocabulary;

/// <summary>
/// Days of work. A minute belongs to the day that the clock of its shift's own zone shows, so a shift over midnight is cut there, and periods that
/// adjoin share no minute and leave none out.
/// </summary>
/// <param name="From">The first day; null for all before.</param>
/// <param name="To">The last day, included; null for all after.</param>
public readonly record struct Period(DateOnly? From = null, DateOnly? To = null)
{
    /// <summary>The days of a year.</summary>
    public static Period Of(int year) => new(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31));

    /// <summary>Where it begins in a zone: minutes from 1970-01-01T00:00Z.</summary>
    public long Begins(TimeZoneInfo zone) => From is { } first ? WallClock.StartOf(first, zone) : long.MinValue;

    /// <summary>Where it ends in a zone: the first minute that is no longer in it.</summary>
    public long Ends(TimeZoneInfo zone) => To is { } last && last < DateOnly.MaxValue ? WallClock.StartOf(last.AddDays(1), zone) : long.MaxValue;
}
