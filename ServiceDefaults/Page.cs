namespace VolunteerBook.ServiceDefaults;

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows.</param>
/// <param name="Next">What to send as <c>after</c> for the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Makes pages.</summary>
public static class Page
{
    /// <summary>Makes a page of one row more than asked for: the row too many says that there is a next page.</summary>
    public static Page<T> Of<T>(IReadOnlyList<T> rows, int limit, Func<T, Cursor> cursor) =>
        rows.Count > limit ? new([.. rows.Take(limit)], cursor(rows[limit - 1]).ToString()) : new(rows, null);
}
