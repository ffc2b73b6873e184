namespace VolunteerBook.ServiceDefaults;

/// <summary>Metadata of an endpoint that shows an example of its request's body.</summary>
public sealed record RequestExample(object Body);
