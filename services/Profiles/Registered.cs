namespace VolunteerBook.Profiles;

/// <summary>The id of what was registered.</summary>
public sealed record Registered(Guid Id);
