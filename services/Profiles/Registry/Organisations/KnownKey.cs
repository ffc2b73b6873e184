namespace VolunteerBook.Profiles.Registry.Organisations;

/// <summary>A signing key that some organisation has registered, revoked or not. Its id is the key's kid.</summary>
public sealed record KnownKey(string Id, Guid OrganisationId);
