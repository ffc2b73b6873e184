namespace VolunteerBook.Portal.Api;

/// <summary>What was read, with its version for <c>If-Match</c>.</summary>
public sealed record Tagged<T>(T Value, string? ETag);
