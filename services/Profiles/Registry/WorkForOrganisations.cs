namespace VolunteerBook.Profiles.Registry;

/// <summary>For which organisations somebody works, and with whom.</summary>
/// <param name="Organisations">The organisations.</param>
/// <param name="Colleagues">
/// Who chose to act for these: registered one, or accepted its invitation. Their colleagues know them by name, also when they have gone.
/// </param>
public sealed record WorkForOrganisations(IReadOnlyList<Guid> Organisations, IReadOnlySet<Guid> Colleagues);
