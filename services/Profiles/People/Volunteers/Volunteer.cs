namespace VolunteerBook.Profiles.People.Volunteers;

/// <summary>A volunteer. Who they are is only in <see cref="Personal"/>, which their own key opens.</summary>
public sealed record Volunteer(Guid Id, string Region, string Personal, DateTimeOffset RegisteredAt)
{
    /// <summary>The stream's version: the ETag.</summary>
    public int Version { get; set; }

    public static Volunteer Create(VolunteerRegistered registered) =>
        new(registered.VolunteerId, registered.Region, registered.Personal, registered.At);

    public Volunteer Apply(VolunteerProfileChanged changed) => this with { Region = changed.Region, Personal = changed.Personal };
}
