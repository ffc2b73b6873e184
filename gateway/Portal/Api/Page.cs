namespace VolunteerBook.Portal.Api;

/// <summary>A page of a list; <paramref name="Next"/> is the cursor of the following one, or null.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>A thing of which nothing is wanted but its id.</summary>
public sealed record Identified(Guid Id);
