using System.Globalization;

namespace VolunteerBook.Portal.Api;

/// <summary>A page of a list; <paramref name="Next"/> is the cursor of the following one, or null.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Pages of what the API gives whole, for its lists have no end that a page of this site would have.</summary>
public static class Page
{
    /// <summary>How much a page shows of it.</summary>
    public const int Size = 50;

    /// <summary>The part after <paramref name="after"/>, a cursor that a page before had as its next; of anything else, the first part.</summary>
    public static Page<T> Of<T>(IReadOnlyList<T> all, string? after)
    {
        var first = int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var shown) && shown < all.Count ? shown : 0;
        var next = first + Size;
        return new([.. all.Skip(first).Take(Size)], next < all.Count ? next.ToString(CultureInfo.InvariantCulture) : null);
    }
}

/// <summary>A thing of which nothing is wanted but its id.</summary>
public sealed record Identified(Guid Id);
