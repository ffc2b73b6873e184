namespace VolunteerBook.ServiceDefaults;

/// <summary>Metadata of an endpoint that needs <c>If-Match</c>.</summary>
public sealed class RequiresVersion;
