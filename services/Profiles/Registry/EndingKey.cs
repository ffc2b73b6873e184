namespace VolunteerBook.Profiles.Registry;

/// <summary>A signing key that ends.</summary>
/// <param name="OrganisationId">Whose.</param>
/// <param name="Kid">The key.</param>
/// <param name="From">First instant of validity, UTC.</param>
/// <param name="Until">First instant after it, UTC.</param>
public sealed record EndingKey(Guid OrganisationId, string Kid, DateTimeOffset From, DateTimeOffset Until);
